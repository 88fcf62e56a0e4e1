import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Credentials that the local AWS issued. */
export interface SigningCredentials {
  readonly secretAccessKey: string;
  /** Absent if the credentials do not expire. */
  readonly sessionToken?: string;
  /** The role whose policies decide which logins are allowed. */
  readonly roleArn: string;
}

/** Finds credentials by their access key id. */
export type CredentialsOf = (accessKeyId: string) => SigningCredentials | undefined;

/** The endpoint that a token must be signed for, and the credentials that may sign it. */
export interface TokenAudience {
  readonly host: string;
  readonly port: number;
  readonly region: string;
  readonly credentialsOf: CredentialsOf;
}

const LIFETIME_SECONDS = 900;
const CLOCK_SKEW_SECONDS = 300;

/**
 * Checks a token as RDS does. A token is a URL without its scheme, signed with Signature Version 4.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 *
 * @returns the credentials that signed the token, or the reason why it is refused
 */
export function checkToken(
  token: string,
  user: string,
  audience: TokenAudience,
  now: Date,
): SigningCredentials | string {
  if (!URL.canParse(`https://${token}`)) return 'the client sent no token';
  const url = new URL(`https://${token}`);
  const query = url.searchParams;
  const [accessKeyId = '', day = '', region = '', service = '', end] = (query.get('X-Amz-Credential') ?? '').split('/');
  const time = query.get('X-Amz-Date') ?? '';
  const credentials = audience.credentialsOf(accessKeyId);

  if (query.get('Action') !== 'connect') return 'the client sent no token with Action=connect';
  if (url.host !== `${audience.host}:${audience.port}`) return `the token is for ${url.host}`;
  if (query.get('DBUser') !== user) return `the token is for the user '${query.get('DBUser') ?? ''}'`;
  if (region !== audience.region || service !== 'rds-db') return `the token is for ${service} in ${region}`;
  if (end !== 'aws4_request' || day !== time.slice(0, 8))
    return `X-Amz-Credential must end in <day of X-Amz-Date>/${region}/rds-db/aws4_request`;
  if (credentials === undefined) return 'the access key of the token is unknown';
  if ((query.get('X-Amz-Security-Token') ?? undefined) !== credentials.sessionToken)
    return 'the session token does not belong to the access key';

  const age = (now.getTime() - dateOf(time).getTime()) / 1000;
  // The negated comparison also refuses a date or a lifetime that is not a number.
  if (!(age < Math.min(Number(query.get('X-Amz-Expires')), LIFETIME_SECONDS))) return 'the token has expired';
  if (age < -CLOCK_SKEW_SECONDS) return 'the token was signed in the future';
  return isSigned(url, credentials.secretAccessKey, day, region) ? credentials : 'the signature of the token is wrong';
}

/** Parses a date such as `20260131T120000Z`. */
function dateOf(text: string): Date {
  return new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function isSigned(url: URL, secret: string, day: string, region: string): boolean {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

  const signature = Buffer.from(url.searchParams.get('X-Amz-Signature') ?? '');
  const signed = [...url.searchParams].filter(([name]) => name !== 'X-Amz-Signature');
  const query = signed.map((pair) => pair.map(encode).join('=')).sort();
  const request = ['GET', '/', query.join('&'), `host:${url.host}`, '', 'host', sha256('')].join('\n');
  const scope = `${day}/${region}/rds-db/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', url.searchParams.get('X-Amz-Date'), scope, sha256(request)].join('\n');
  const key = [day, region, 'rds-db', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  // Compares texts, because decoding hexadecimal would ignore invalid characters at the end.
  const expected = Buffer.from(hmac(key, text).toString('hex'));
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
