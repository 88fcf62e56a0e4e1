import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AMAZON_ROOTS, readFolder } from '../../../certs/files';
import { signersIn } from '../../../local/decisions';

const CERTS = join(__dirname, '..', '..', '..', 'certs');
const files = [...readFolder(CERTS, new Date()).keys()];

describe('the signers in a bundle of certs/', () => {
  it.each(files)('are known: %s', (path) => {
    const bundle = readFileSync(join(CERTS, path), 'utf8');
    expect(signersIn(bundle)).toEqual(new Set([path.startsWith('rds/') ? 'instance' : 'amazon']));
  });

  it('are both RDS and Amazon', () => {
    expect(files.length).toBeGreaterThan(AMAZON_ROOTS.length);
  });
});
