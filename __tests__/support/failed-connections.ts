import { Signer } from '@aws-sdk/rds-signer';
import type { Attempt } from '../../functions/shared/database/diagnosis/cause';

interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export const instanceEndpoint: Endpoint = {
  host: 'login-matrix-dev.c0ffee.eu-central-1.rds.amazonaws.com',
  port: 3306,
};
export const proxyEndpoint: Endpoint = { host: 'iam.proxy-c0ffee.eu-central-1.rds.amazonaws.com', port: 3306 };

/** Makes an error like those of the driver. */
export const driverError = (code: string, message = 'a message of the driver'): Error =>
  Object.assign(new Error(message), { code });

/** Describes an attempt to log in with a password, so without a token. */
export const passwordAttempt: Attempt = {
  login: { user: 'timestamps', password: 'a password', clearText: false },
  tokenSent: false,
};

/** Describes an attempt to log in with a token, which the AWS SDK signs. @param tokenSent whether the driver sent the token */
export async function tokenAttempt(
  { host, port }: Endpoint,
  { tokenSent = true, ...options }: { region?: string; username?: string; tokenSent?: boolean } = {},
): Promise<Attempt> {
  const credentials = { accessKeyId: 'ROLE', secretAccessKey: 'secret', sessionToken: 'session' };
  const signer = new Signer({
    hostname: host,
    port,
    credentials,
    region: 'eu-central-1',
    username: 'items',
    ...options,
  });
  return { login: { user: 'items', password: await signer.getAuthToken(), clearText: true }, tokenSent };
}
