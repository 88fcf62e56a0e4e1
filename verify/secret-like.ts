/** Names that end in a word for a secret. PASSWORD_PROXY_HOST does not match: it ends in HOST. */
const SECRET_NAME = /(password|passwd|pwd|secret|token|api_?key|private_?key|access_?key)s?$/i;

/** Values that only say where a secret is: ARN, path, URL. */
const PLACE = /^arn:|^\/|^https?:\/\//;

/** Texts that are secret whatever the name of the value. */
const SECRET_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/, 'an access key'],
  [/X-Amz-Signature=/i, 'a signature'],
  [/"?password"?\s*[:=]\s*["']?[^\s"',}]/i, 'a password'],
  [/:\/\/[^/\s:@]+:[^/\s@]+@/, 'a password in a URL'],
];

/** Long texts of letters, digits and a few symbols, such as generated passwords and API keys. */
const LONG = /[A-Za-z0-9+/!@#$%^&*]{20,}/g;

/** Returns whether a long text has upper case, lower case and digits, and is not a path of words. */
const isRandom = (text: string): boolean =>
  /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text) && !/^[\w]+(\/[\w]+)+$/.test(text);

/**
 * Returns the kind of secret that a value looks like, or `undefined`. It does not compare the value with the real passwords, so
 * that verifying needs no permission to read them.
 */
export function secretIn(name: string, value: string): string | undefined {
  for (const [pattern, description] of SECRET_TEXTS) if (pattern.test(value)) return description;
  if (SECRET_NAME.test(name) && value !== '' && !PLACE.test(value)) return 'a secret according to its name';
  return (value.match(LONG) ?? []).some(isRandom) ? 'a long random text' : undefined;
}
