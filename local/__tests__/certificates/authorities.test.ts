import { Authorities, signersIn } from '../../certificates/authorities';
import { CertificateAuthority } from '../../certificates/certificate-authority';

/** Makes an authority with this subject and returns its certificate as PEM. */
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
    const amazonRoots = ['C=US, O=Amazon, CN=Amazon Root CA 1', 'C=US, O=Amazon, CN=Amazon Root CA 3'];
    amazonBundle = (await Promise.all(amazonRoots.map(certificateOf))).join('');
    otherBundle = await certificateOf('C=US, O=Acme, CN=Acme Root CA');
  });

  it('gets the local authority of the instance in place of RDS’s', () => {
    expect(authorities.withLocalAuthorities(rdsBundle)).toBe(authorities.instance.pem);
  });

  it('gets the local authority of the proxies in place of Amazon’s roots', () => {
    // Both roots in the bundle are replaced.
    expect(authorities.withLocalAuthorities(amazonBundle)).toBe(authorities.amazon.pem.repeat(2));
  });

  it('stays unchanged without authorities of AWS', () => {
    expect(authorities.withLocalAuthorities(otherBundle)).toBe(otherBundle);
    expect(authorities.withLocalAuthorities('no certificate')).toBe('no certificate');
  });

  it('stays unchanged if its authorities are the local ones', () => {
    const bundle = authorities.instance.pem + authorities.amazon.pem;
    expect(authorities.withLocalAuthorities(bundle)).toBe(bundle);
  });

  it('shows which authorities of AWS it contains: those of RDS, Amazon’s roots, both or neither', () => {
    expect(signersIn(rdsBundle)).toEqual(new Set(['instance']));
    expect(signersIn(amazonBundle)).toEqual(new Set(['amazon']));
    expect(signersIn(rdsBundle + otherBundle + amazonBundle)).toEqual(new Set(['instance', 'amazon']));
    expect(signersIn(otherBundle)).toEqual(new Set());
  });
});
