import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFolder } from '../../../certs/files';
import { signersIn } from '../../../local/decisions';

const CERTS = join(__dirname, '..', '..', '..', 'certs');
const bundles = [...readFolder(CERTS, new Date()).keys()];

describe('the signer of the certificates in a bundle of certs/', () => {
  it.each(bundles)('is known: %s', (path) => {
    const signer = path.startsWith('rds/') ? 'instance' : 'amazon';
    expect(signersIn(readFileSync(join(CERTS, path), 'utf8'))).toEqual(new Set([signer]));
  });

  it('is tested with bundles of RDS and of Amazon', () => {
    expect(new Set(bundles.map((path) => path.split('/')[0]))).toEqual(new Set(['amazon', 'rds']));
  });
});
