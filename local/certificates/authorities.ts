import { X509Certificate } from 'node:crypto';
import { CertificateAuthority } from './certificate-authority';

/** What the certificate of an endpoint is signed by: the authorities of RDS, or those of Amazon Trust Services. */
export type Signer = 'instance' | 'amazon';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs;

/** The two authorities of one machine, as with AWS: one trusted for the instance is none for a proxy. */
export class Authorities {
  private constructor(
    /** Signs for the instance, in the place of the RDS authorities. */
    readonly instance: CertificateAuthority,
    /** Signs for the proxies, API Gateway and CloudFront, in the place of Amazon's roots. */
    readonly amazon: CertificateAuthority,
  ) {}

  static async create(): Promise<Authorities> {
    return new Authorities(
      await CertificateAuthority.create({ name: 'O=Amazon Web Services, CN=Amazon RDS Local Root CA' }),
      await CertificateAuthority.create({ name: 'O=Amazon, CN=Amazon Local Root CA' }),
    );
  }

  /**
   * A bundle for this machine: the authorities that sign here in the places of those of AWS in it. A bundle that has none
   * stays as it is, so that a function which trusts the wrong chain fails here, too.
   */
  inPlaceOf(bundle: string): string {
    return bundle.replace(CERTIFICATE, (pem) => {
      const signer = signerOf(pem);
      return signer === undefined ? pem : this[signer].pem.trim();
    });
  }
}

/** The kinds of authorities in a bundle, PEM. */
export function signersIn(bundle: string): Set<Signer> {
  const signers = [...bundle.matchAll(CERTIFICATE)].map(([pem]) => signerOf(pem));
  return new Set(signers.filter((signer) => signer !== undefined));
}

function signerOf(pem: string): Signer | undefined {
  const { subject } = new X509Certificate(pem);
  if (/^CN=Amazon RDS /m.test(subject)) return 'instance';
  return /^CN=Amazon Root CA /m.test(subject) ? 'amazon' : undefined;
}
