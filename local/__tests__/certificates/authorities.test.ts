import { Authorities, signersIn } from '../../certificates/authorities';
import { CertificateAuthority } from '../../certificates/certificate-authority';

/** Makes a certificate with the subject of an authority of AWS. */
const certificateOf = async (name: string): Promise<string> => (await CertificateAuthority.create(name)).pem;

describe('a bundle on this machine', () => {
  let authorities: Authorities;
  let rds: string;
  let amazon: string;
  let acme: string;

  beforeAll(async () => {
    authorities = await Authorities.create();
    rds = await certificateOf('C=US, O="Amazon Web Services, Inc.", CN=Amazon RDS eu-central-1 Root CA RSA2048 G1');
    const roots = ['C=US, O=Amazon, CN=Amazon Root CA 1', 'C=US, O=Amazon, CN=Amazon Root CA 3'];
    amazon = (await Promise.all(roots.map(certificateOf))).join('');
    acme = await certificateOf('C=US, O=Acme, CN=Acme Root CA');
  });

  it('trusts the instance’s authority instead of RDS’s', () => {
    const bundle = authorities.inPlaceOf(rds);
    expect(bundle).toContain(authorities.instance.pem);
    expect(bundle).not.toContain(authorities.amazon.pem);
  });

  it('trusts the proxies’ authority instead of Amazon’s roots', () => {
    const bundle = authorities.inPlaceOf(amazon);
    expect(bundle).toContain(authorities.amazon.pem);
    expect(bundle).not.toContain(authorities.instance.pem);
  });

  it('stays unchanged without authorities of AWS', () => {
    const { pem } = authorities.instance;
    expect(authorities.inPlaceOf(pem)).toBe(pem);
    expect(authorities.inPlaceOf(acme)).toBe(acme);
    expect(authorities.inPlaceOf('no certificate')).toBe('no certificate');
  });

  it('names its signers', () => {
    expect(signersIn(rds)).toEqual(new Set(['instance']));
    expect(signersIn(amazon)).toEqual(new Set(['amazon']));
    expect(signersIn(rds + acme + amazon)).toEqual(new Set(['instance', 'amazon']));
    expect(signersIn(acme)).toEqual(new Set());
  });
});
