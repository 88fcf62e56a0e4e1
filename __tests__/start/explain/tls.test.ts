import { join } from 'node:path';
import { readFolder } from '../../../certs/files';
import { signersIn } from '../../../local/decisions';

const files = readFolder(join(__dirname, '..', '..', '..', 'certs'), new Date());

describe('the signer of every certificate in certs/', () => {
  it.each([...files])('is recognised: %s', (path, authorities) => {
    const signer = path.startsWith('rds/') ? 'instance' : 'amazon';
    for (const { pem } of authorities) expect(signersIn(pem)).toEqual(new Set([signer]));
  });

  it('is tested for both folders, amazon and rds', () => {
    expect(new Set([...files.keys()].map((path) => path.split('/')[0]))).toEqual(new Set(['amazon', 'rds']));
  });
});
