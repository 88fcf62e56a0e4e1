import { bodyOf, describeResponse, requestIdOf, type HttpResponse } from '../../verify/http-response';

const answer = (status: number, text: string, headers = {}): HttpResponse => ({
  status,
  text,
  headers,
  milliseconds: 1,
});

describe('an answer', () => {
  it.each([
    ['an error with a reason', answer(404, '{"error":"There is no such route."}'), '404 There is no such route.'],
    ['an error without JSON', answer(502, '<html>Bad gateway</html>'), '502'],
    ['a field named error that is not a text', answer(200, '{"error":5}'), '200'],
    [
      'a 403 that the WAF sent',
      answer(403, '<html>Request blocked.</html>'),
      '403 from CloudFront: AWS WAF blocks your IP address; is it in edge.allowlist?',
    ],
    ['a 403 that the WAF did not send', answer(403, '<html>Forbidden</html>'), '403'],
  ])('is described by its status and its reason, if it has one: %s', (_what, response, description) => {
    expect(describeResponse(response)).toBe(description);
  });

  it.each(['', 'null', '{', '5'])('has no fields if its text is not JSON, or is null or a number: %j', (text) => {
    expect(Object.keys(bodyOf({ text }))).toEqual([]);
  });

  it('has the request id in its x-request-id header, and none if that header is a list', () => {
    expect(requestIdOf(answer(200, '', { 'x-request-id': 'one' }))).toBe('one');
    expect(requestIdOf(answer(200, '', { 'x-request-id': ['one', 'two'] }))).toBeUndefined();
  });
});
