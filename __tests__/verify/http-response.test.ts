import { bodyOf, describeResponse, requestIdOf, type HttpResponse } from '../../verify/http-response';

const answer = (status: number, text: string, headers = {}): HttpResponse => ({
  status,
  text,
  headers,
  milliseconds: 1,
});

describe('an answer', () => {
  it.each([
    [answer(404, '{"error":"There is no such route."}'), '404 There is no such route.'],
    [answer(502, '<html>Bad gateway</html>'), '502'],
    [answer(200, '{"error":5}'), '200'],
    [answer(403, '<html>Request blocked.</html>'), /^403 from CloudFront: .* edge\.allowlist\?$/],
    [answer(403, '<html>Forbidden</html>'), '403'],
  ])('is described by its status and its reason: %#', (one, words) => {
    expect(describeResponse(one)).toEqual(typeof words === 'string' ? words : expect.stringMatching(words));
  });

  it.each(['', 'null', '{', '5'])('that is no JSON object has no members: %j', (text) => {
    expect(Object.keys(bodyOf({ text }))).toEqual([]);
  });

  it('has the request id of its header, unless the header is sent twice', () => {
    expect(requestIdOf(answer(200, '', { 'x-request-id': 'one' }))).toBe('one');
    expect(requestIdOf(answer(200, '', { 'x-request-id': ['one', 'two'] }))).toBeUndefined();
  });
});
