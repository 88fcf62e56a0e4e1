import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Authorities } from '../../certificates/authorities';

const read = (file: string): string => readFileSync(join(__dirname, '..', '..', '..', 'certs', file), 'utf8');

describe('a bundle on this machine', () => {
  let authorities: Authorities;

  beforeAll(async () => {
    authorities = await Authorities.create();
  });

  it('trusts the instance’s authority instead of RDS’s', () => {
    const bundle = authorities.inPlaceOf(read('rds/eu-central-1.pem'));
    expect(bundle).toContain(authorities.instance.pem);
    expect(bundle).not.toContain(authorities.amazon.pem);
  });

  it('trusts the proxies’ authority instead of Amazon’s roots', () => {
    const bundle = authorities.inPlaceOf(read('amazon/AmazonRootCA1.pem') + read('amazon/AmazonRootCA3.pem'));
    expect(bundle).toContain(authorities.amazon.pem);
    expect(bundle).not.toContain(authorities.instance.pem);
  });

  it('stays unchanged without authorities of AWS', () => {
    const { pem } = authorities.instance;
    expect(authorities.inPlaceOf(pem)).toBe(pem);
    expect(authorities.inPlaceOf('no certificate')).toBe('no certificate');
  });
});
