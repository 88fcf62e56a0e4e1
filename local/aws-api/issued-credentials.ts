import { callAws, GLOBAL_REGION } from './call-aws';
import type { WholeResponse, WholeRequest } from '../http/exchange';

/** Credentials are renewed this long before they expire. They therefore outlast any invocation that is shorter than this margin. */
const MARGIN_MS = 5 * 60_000;

/** Temporary security credentials that STS issued for a role. */
export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly roleArn: string;
  /** Session name, which AWS's error messages contain. */
  readonly session: string;
  readonly expiration: Date;
}

/** Credentials that the local AWS has issued for roles. An access key in a call to AWS or in a token for RDS identifies the role. */
export class IssuedCredentials {
  private readonly issued = new Map<string, TemporaryCredentials>();
  private readonly sessions = new Map<string, Promise<TemporaryCredentials>>();

  /** @param endpoint URL of the local AWS, whose responses this class records */
  constructor(private readonly endpoint: string) {}

  /** Returns the credentials of an access key; `undefined` if none were issued or they have expired. */
  of(accessKeyId: string): TemporaryCredentials | undefined {
    const credentials = this.issued.get(accessKeyId);
    return credentials && credentials.expiration > new Date() ? credentials : undefined;
  }

  /** Records the credentials that a response to AssumeRole contains. */
  learn({ body }: WholeRequest, response: WholeResponse): void {
    const parameters = new URLSearchParams(body.toString('utf8'));
    if (parameters.get('Action') !== 'AssumeRole' || response.status !== 200) return;
    const credentials = readCredentials(response.body.toString('utf8'), parameters);
    this.issued.set(credentials.accessKeyId, credentials);
    this.removeExpired();
  }

  /** Number of recorded credentials. */
  get size(): number {
    return this.issued.size;
  }

  private removeExpired(): void {
    const now = new Date();
    for (const [accessKeyId, { expiration }] of this.issued) if (expiration <= now) this.issued.delete(accessKeyId);
  }

  /**
   * Returns a role's credentials for a service. Calls with the same role and name share credentials until shortly before they expire.
   *
   * @param name session name
   * @throws AwsApiError if there is no such role.
   */
  forService(roleArn: string, name: string): Promise<TemporaryCredentials> {
    const key = `${roleArn} ${name}`;
    // The promise is stored at once, so simultaneous callers wait for the same credentials.
    const session = renewed(this.sessions.get(key), () => assumeRole(this.endpoint, roleArn, name));
    this.sessions.set(key, session);
    return session;
  }

  /** Returns the credentials of a function's role as environment variables. */
  async forFunction(roleArn: string, functionName: string): Promise<Record<string, string>> {
    const { accessKeyId, secretAccessKey, sessionToken } = await this.forService(roleArn, functionName);
    return {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    };
  }
}

async function renewed(
  session: Promise<TemporaryCredentials> | undefined,
  renew: () => Promise<TemporaryCredentials>,
): Promise<TemporaryCredentials> {
  const known = await session?.catch(() => undefined);
  return known && known.expiration.getTime() - Date.now() > MARGIN_MS ? known : renew();
}

async function assumeRole(endpoint: string, roleArn: string, session: string): Promise<TemporaryCredentials> {
  const parameters = { Action: 'AssumeRole', Version: '2011-06-15', RoleArn: roleArn, RoleSessionName: session };
  const body = new URLSearchParams(parameters);
  const sts = { url: endpoint, service: 'sts', region: GLOBAL_REGION };
  const response = await callAws(sts, '/', { method: 'POST', body });
  return readCredentials(await response.text(), body);
}

function readCredentials(response: string, parameters: URLSearchParams): TemporaryCredentials {
  const valueOf = (element: string): string => {
    const value = new RegExp(`<${element}>([^<]+)</${element}>`).exec(response)?.[1];
    if (value === undefined) throw new Error(`AssumeRole of ${parameters.get('RoleArn') ?? ''} returned no ${element}`);
    return value;
  };
  return {
    accessKeyId: valueOf('AccessKeyId'),
    secretAccessKey: valueOf('SecretAccessKey'),
    sessionToken: valueOf('SessionToken'),
    expiration: new Date(valueOf('Expiration')),
    roleArn: parameters.get('RoleArn') ?? '',
    session: parameters.get('RoleSessionName') ?? '',
  };
}
