/** Public fields of a token. SECURITY: the signature and the session token are secret and left out. */
export interface TokenClaims {
  /** `host:port`. */
  readonly endpoint: string;
  readonly user: string;
  readonly region: string;
  readonly signedAt: Date;
}

const STAMP = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** Reads an IAM authentication token: a signed URL without its scheme. @returns `undefined` if the text is no complete token */
export function readToken(token: string): TokenClaims | undefined {
  if (!URL.canParse(`https://${token}`)) return undefined;
  const { host, searchParams } = new URL(`https://${token}`);
  const [user, credential, stamp = ''] = ['DBUser', 'X-Amz-Credential', 'X-Amz-Date'].map(
    (name) => searchParams.get(name) ?? undefined,
  );
  const region = credential?.split('/')[2];
  const signedAt = new Date(stamp.replace(STAMP, '$1-$2-$3T$4:$5:$6Z'));
  if (user === undefined || region === undefined || Number.isNaN(signedAt.getTime())) return undefined;
  return { endpoint: host, user, region, signedAt };
}
