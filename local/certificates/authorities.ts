import { X509Certificate } from 'node:crypto';
import { CertificateAuthority } from './certificate-authority';

/** Who signs a certificate on AWS: the RDS authorities for the instance, Amazon Trust Services for all other endpoints. */
export type Signer = 'instance' | 'amazon';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs;

/** The two local authorities. As on AWS, trusting the instance's authority does not mean trusting a proxy's. */
export class Authorities {
  private constructor(
    /** Signs for the instance, instead of the RDS authorities. */
    readonly instance: CertificateAuthority,
    /** Signs for the proxies, API Gateway and CloudFront, instead of Amazon's roots. */
    readonly amazon: CertificateAuthority,
  ) {}

  static async create(): Promise<Authorities> {
    return new Authorities(
      await CertificateAuthority.create('O=Amazon Web Services, CN=Amazon RDS Local Root CA'),
      await CertificateAuthority.create('O=Amazon, CN=Amazon Local Root CA'),
    );
  }

  /**
   * Replaces each authority of AWS in a PEM bundle by its local counterpart. A function that trusts the wrong authority
   * therefore fails here as on AWS.
   */
  withLocalAuthorities(bundle: string): string {
    return bundle.replace(CERTIFICATE, (pem) => {
      const signer = signerOf(pem);
      return signer === undefined ? pem : this[signer].pem.trim();
    });
  }
}

/** Returns the signers whose certificates a PEM bundle contains. */
export function signersIn(bundle: string): Set<Signer> {
  const signers = [...bundle.matchAll(CERTIFICATE)].map(([pem]) => signerOf(pem));
  return new Set(signers.filter((signer) => signer !== undefined));
}

function signerOf(pem: string): Signer | undefined {
  const { subject } = new X509Certificate(pem);
  if (/^CN=Amazon RDS /m.test(subject)) return 'instance';
  return /^CN=Amazon Root CA /m.test(subject) ? 'amazon' : undefined;
}
