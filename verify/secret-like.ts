/** Names of values that are secret, unless they only say where the secret is. PASSWORD_PROXY_HOST ends otherwise. */
const SECRET_NAME = /(password|passwd|pwd|secret|token|api_?key|private_?key|access_?key)s?$/i;
const PLACE = /^arn:|^\/|^https?:\/\//;

/** Texts that are secret whatever their name. */
const SECRET_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/, 'an access key'],
  [/X-Amz-Signature=/i, 'a signature'],
  [/"?password"?\s*[:=]\s*["']?[^\s"',}]/i, 'a password'],
  [/:\/\/[^/\s:@]+:[^/\s@]+@/, 'a password in a URL'],
];

/** What drawn passwords and API keys look like: long, without a separator, of capitals, small letters and digits. */
const RANDOM_LENGTH = 20;
const RANDOM = new RegExp(`[A-Za-z0-9+/!@#$%^&*]{${RANDOM_LENGTH},}`, 'g');

/** A path or an ARN of words is long, too. */
const isRandom = (text: string): boolean =>
  /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text) && !/^[\w]+(\/[\w]+)+$/.test(text);

/**
 * Why a value looks like a secret; `undefined` where it does not. Passwords are not read for a comparison: whoever verifies
 * needs no right to them.
 */
export function secretIn(name: string, value: string): string | undefined {
  for (const [pattern, what] of SECRET_TEXTS) if (pattern.test(value)) return what;
  if (SECRET_NAME.test(name) && value !== '' && !PLACE.test(value)) return 'a value whose name says that it is secret';
  return (value.match(RANDOM) ?? []).some(isRandom) ? 'a long random text' : undefined;
}
