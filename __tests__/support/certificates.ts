import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export const DAY_MS = 86_400_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A certificate and its private key, both in PEM format. */
export interface KeyedCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  /** Subject, for example `O=Acme, CN=Root CA`. */
  readonly name: string;
  /** Host names of a server. @default - none */
  readonly hosts?: readonly string[];
  /** @default - one day from now */
  readonly notAfter?: Date;
  /** Whether the certificate may sign other certificates. @default true */
  readonly ca?: boolean;
}

/** Makes a self-signed certificate. */
export async function selfSigned({
  name,
  hosts = [],
  notAfter = new Date(Date.now() + DAY_MS),
  ca = true,
}: CertificateOptions): Promise<KeyedCertificate> {
  x509.cryptoProvider.set(webcrypto as never);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const names = hosts.map((value) => ({ type: 'dns' as const, value }));
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    // Earlier than any `notAfter` of a test.
    notBefore: new Date(Date.now() - 2 * DAY_MS),
    notAfter,
    signingAlgorithm: ALGORITHM,
    keys: keys as never,
    extensions: [
      new x509.BasicConstraintsExtension(ca),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ],
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  return { cert: `${certificate.toString('pem')}\n`, key: x509.PemConverter.encode(key, 'PRIVATE KEY') };
}
