import type { ReadSecret } from './proxy-secrets';

/** Caches secrets, as RDS Proxy does: a proxy notices a rotation only after some time, which AWS does not document. */
export class SecretCache {
  /** Maximum age of a copy, seconds. 0 turns the cache off. */
  maxAgeSeconds = 0;
  private readonly copies = new Map<string, { readonly text: string; readonly readAt: number }>();

  constructor(private readonly readSecret: ReadSecret) {}

  /** Returns the text of a secret, possibly of a previous version. */
  readonly read: ReadSecret = async (arn) => {
    const known = this.copies.get(arn);
    if (known && Date.now() - known.readAt < this.maxAgeSeconds * 1000) return known.text;
    const text = await this.readSecret(arn);
    this.copies.set(arn, { text, readAt: Date.now() });
    return text;
  };
}
