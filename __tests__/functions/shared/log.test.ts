import { errorFields, log } from '../../../functions/shared/log';

describe('a log line', () => {
  afterEach(() => jest.restoreAllMocks());

  it('is one line of JSON with level, message and fields', () => {
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    log('warn', 'two\nlines', { requestId: 'one' });
    expect(write.mock.calls).toEqual([['{"level":"warn","message":"two\\nlines","requestId":"one"}\n']]);
  });
});

describe('the fields of an error', () => {
  it('are its name, message and codes, and those of its causes', () => {
    const cause = Object.assign(new Error('refused'), { code: 'ER_ACCESS_DENIED_ERROR', errno: 1045 });
    expect(errorFields(new TypeError('failed', { cause }))).toEqual({
      error: 'TypeError',
      reason: 'failed',
      cause: { error: 'Error', reason: 'refused', code: 'ER_ACCESS_DENIED_ERROR', errno: 1045 },
    });
  });

  it('omit `sql` and `sqlMessage` of the driver, which can contain a password', () => {
    const error = Object.assign(new Error('wrong'), { sql: "IDENTIFIED BY 'secret'", sqlMessage: 'near secret' });
    expect(JSON.stringify(errorFields(error))).not.toContain('secret');
  });

  it('are one field with the text if the thrown value is not an Error', () => {
    expect(errorFields('text')).toEqual({ error: 'text' });
  });
});
