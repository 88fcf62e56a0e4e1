import type { ReadSecret } from './proxy-secrets';

/**
 * The copies that proxies have of their secrets. RDS Proxy keeps what it has read and notices a rotation some time later;
 * AWS does not document the time.
 */
export class SecretCopies {
  /** How old a copy gets before the secret is read again, seconds. 0: it is read for every login. */
  maxAgeSeconds = 0;
  private readonly copies = new Map<string, { readonly text: string; readonly readAt: number }>();

  constructor(private readonly readSecret: ReadSecret) {}

  /** Text of a secret, maybe that of a version that is no longer the present one. */
  readonly read: ReadSecret = async (arn) => {
    const known = this.copies.get(arn);
    if (known && Date.now() - known.readAt < this.maxAgeSeconds * 1000) return known.text;
    const text = await this.readSecret(arn);
    this.copies.set(arn, { text, readAt: Date.now() });
    return text;
  };
}
