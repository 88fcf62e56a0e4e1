import { Authorities, signersIn } from '../../certificates/authorities';
import { CertificateAuthority } from '../../certificates/certificate-authority';

/** Makes the certificate of an authority with this subject, PEM. */
const certificateOf = async (subject: string): Promise<string> => (await CertificateAuthority.create(subject)).pem;

describe('a bundle of certificates', () => {
  let authorities: Authorities;
  let rdsBundle: string;
  let amazonBundle: string;
  let otherBundle: string;

  beforeAll(async () => {
    authorities = await Authorities.create();
    rdsBundle = await certificateOf(
      'C=US, O="Amazon Web Services, Inc.", CN=Amazon RDS eu-central-1 Root CA RSA2048 G1',
    );
    const roots = ['C=US, O=Amazon, CN=Amazon Root CA 1', 'C=US, O=Amazon, CN=Amazon Root CA 3'];
    amazonBundle = (await Promise.all(roots.map(certificateOf))).join('');
    otherBundle = await certificateOf('C=US, O=Acme, CN=Acme Root CA');
  });

  it('gets the local authority of the instance in place of RDS’s', () => {
    const bundle = authorities.withLocalAuthorities(rdsBundle);
    expect(bundle).toContain(authorities.instance.pem);
    expect(bundle).not.toContain(authorities.amazon.pem);
  });

  it('gets the local authority of the proxies in place of Amazon’s roots', () => {
    const bundle = authorities.withLocalAuthorities(amazonBundle);
    expect(bundle).toContain(authorities.amazon.pem);
    expect(bundle).not.toContain(authorities.instance.pem);
  });

  it('stays unchanged without authorities of AWS', () => {
    const { pem } = authorities.instance;
    expect(authorities.withLocalAuthorities(pem)).toBe(pem);
    expect(authorities.withLocalAuthorities(otherBundle)).toBe(otherBundle);
    expect(authorities.withLocalAuthorities('no certificate')).toBe('no certificate');
  });

  it('names its AWS authorities: those of RDS, Amazon’s roots, both or neither', () => {
    expect(signersIn(rdsBundle)).toEqual(new Set(['instance']));
    expect(signersIn(amazonBundle)).toEqual(new Set(['amazon']));
    expect(signersIn(rdsBundle + otherBundle + amazonBundle)).toEqual(new Set(['instance', 'amazon']));
    expect(signersIn(otherBundle)).toEqual(new Set());
  });
});
