import { X509Certificate } from 'node:crypto';

/**
 * A certificate authority of AWS. The files in `amazon/` contain the authorities for RDS Proxy. Each file in `rds/` contains the
 * authorities for the instances of one region.
 */
export interface Authority {
  readonly pem: string;
  readonly commonName: string;
  /** SHA-256 fingerprint, as openssl prints it. */
  readonly fingerprint: string;
  readonly expires: Date;
}

const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/**
 * Parses the text of a PEM file, and checks its certificates. The file must contain at least one certificate and no other text. Each
 * certificate must be readable. Each selected certificate must be a self-signed authority of Amazon that has not expired at `now`.
 *
 * @param isSelected selects authorities by name; the others are neither checked nor returned.
 * @throws Error that names the file, if the file breaks one of these rules.
 */
export function parseAuthorities(
  file: string,
  text: string,
  now: Date,
  isSelected: (commonName: string) => boolean = () => true,
): Authority[] {
  const pems = text.match(PEM) ?? [];
  if (pems.length === 0) throw new Error(`${file} holds no certificate`);
  if (text.replace(PEM, '').trim() !== '') throw new Error(`${file} holds text outside its certificates`);
  return pems
    .map((pem) => parse(file, pem))
    .filter((certificate) => isSelected(commonNameOf(certificate)))
    .map((certificate) => checkAuthority(file, certificate, now));
}

const commonNameOf = ({ subject }: X509Certificate): string => /^CN=(.*)$/m.exec(subject)?.[1] ?? '';

function checkAuthority(file: string, certificate: X509Certificate, now: Date): Authority {
  const commonName = commonNameOf(certificate);
  const refuse = (reason: string): never => {
    throw new Error(`${file}: the certificate ${JSON.stringify(commonName)} ${reason}`);
  };
  if (!certificate.ca) refuse('is no certificate authority');
  if (!/^O=Amazon( |$)/m.test(certificate.subject)) refuse('is not Amazon’s');
  if (!certificate.verify(certificate.publicKey)) refuse('is not self-signed');
  const expires = new Date(certificate.validTo);
  if (expires <= now) refuse(`expired on ${certificate.validTo}`);
  return { pem: certificate.toString(), commonName, fingerprint: certificate.fingerprint256, expires };
}

function parse(file: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new Error(`${file} holds a certificate that cannot be read`, { cause });
  }
}

/**
 * Reads the region of an RDS authority from its name, for example from `Amazon RDS eu-west-1 Root CA RSA2048 G1`.
 *
 * @returns `undefined` for any other name, for example `Amazon RDS eu-west-1 2019 CA`
 */
export function regionOf(commonName: string): string | undefined {
  return /^Amazon RDS ([a-z]{2}(?:-[a-z]+)+-\d) Root CA (?:RSA|ECC)\d+ G\d$/.exec(commonName)?.[1];
}
