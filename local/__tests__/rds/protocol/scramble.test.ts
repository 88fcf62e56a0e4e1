import { nativeHash, isValidResponse, scramble, unmask } from '../../../rds/protocol/scramble';

const NONCE = Buffer.from('ABCDEFGHIJKLMNOPQRST');
const PASSWORD = 'a pässword';

describe('nativeHash', () => {
  it('returns the hash that MySQL stores', () => {
    expect(nativeHash('password')).toBe('*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19');
  });
});

describe.each(['mysql_native_password', 'caching_sha2_password'] as const)('the response of %s', (plugin) => {
  it('is valid only for its password and its nonce', () => {
    const response = scramble(plugin, PASSWORD, NONCE);
    expect(isValidResponse(plugin, PASSWORD, NONCE, response)).toBe(true);
    expect(isValidResponse(plugin, 'another', NONCE, response)).toBe(false);
    expect(isValidResponse(plugin, PASSWORD, Buffer.from('TSRQPONMLKJIHGFEDCBA'), response)).toBe(false);
    expect(isValidResponse(plugin, PASSWORD, NONCE, Buffer.alloc(0))).toBe(false);
  });

  it('is empty for an empty password', () => {
    expect(scramble(plugin, '', NONCE)).toHaveLength(0);
  });
});

describe('unmask', () => {
  it('recovers a masked password that is longer than the nonce', () => {
    const long = 'x'.repeat(50);
    const masked = Buffer.from(`${long}\0`).map((byte, index) => byte ^ (NONCE[index % NONCE.length] ?? 0));
    expect(unmask(Buffer.from(masked), NONCE)).toBe(long);
  });
});
