import { X509Certificate } from 'node:crypto';
import { CertificateAuthority } from './certificate-authority';

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
      const { subject } = new X509Certificate(pem);
      if (/^CN=Amazon RDS /m.test(subject)) return this.instance.pem.trim();
      if (/^CN=Amazon Root CA /m.test(subject)) return this.amazon.pem.trim();
      return pem;
    });
  }
}
