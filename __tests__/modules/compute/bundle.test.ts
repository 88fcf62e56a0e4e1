import { existsSync, readFileSync } from 'node:fs';
import { buildSync } from 'esbuild';
import { unzipSync } from 'fflate';
import { BUNDLE_OPTIONS, bundleFunction } from '../../../modules/compute/bundle';

const KB = 1000;
const codeOf = (folder: string): string =>
  Buffer.from(unzipSync(readFileSync(bundleFunction(folder).zip))['index.js'] ?? []).toString('utf8');

describe('the bundle of a function', () => {
  it.each(['func1', 'func2', 'items', 'users', 'auth-matrix', 'bootstrap', 'rotation', 'login-check'])(
    'is one file, with a source map next to the zip: %s',
    (folder) => {
      const { zip, bytes } = bundleFunction(folder);
      expect(Object.keys(unzipSync(readFileSync(zip)))).toEqual(['index.js']);
      expect(readFileSync(zip)).toHaveLength(bytes);
      const map = JSON.parse(readFileSync(zip.replace('.zip', '.js.map'), 'utf8')) as { sources: string[] };
      expect(map.sources).toContain(`../functions/${folder}/handler.ts`);
    },
  );

  // The largest zip has 515 KiB, which is 527 KB: docs/adr/0006-bundles-with-stand-ins.md.
  it.each(['func2', 'items', 'users', 'auth-matrix', 'login-check'])(
    'is a zip of less than 550 KB if the function logs in by IAM: %s',
    (folder) => {
      expect(bundleFunction(folder).bytes).toBeLessThan(550 * KB);
    },
  );

  it('contains only code that is used: func1 reads a secret, func2 signs tokens', () => {
    expect(codeOf('func1')).toContain('SecretString');
    expect(codeOf('func1')).not.toContain('rds-db');
    expect(codeOf('func2')).toContain('rds-db');
    expect(codeOf('func2')).not.toContain('SecretString');
  });

  it('has no chain of credential providers if the function only signs tokens', () => {
    expect(codeOf('func2')).not.toContain('sso_start_url');
  });

  it('has the same bytes as if esbuild bundled only this function', () => {
    const { outputFiles } = buildSync({
      ...BUNDLE_OPTIONS,
      entryPoints: ['functions/items/handler.ts'],
      outfile: '.build/items.js',
    });
    expect(codeOf('items')).toBe(outputFiles.find(({ path }) => path.endsWith('.js'))?.text);
  });

  it('is made only once in a process', () => {
    expect(bundleFunction('func1')).toBe(bundleFunction('func1'));
  });

  it('fails for a function that does not exist', () => {
    expect(() => bundleFunction('nowhere')).toThrow('functions/nowhere/handler.ts');
    expect(existsSync('.build/nowhere.zip')).toBe(false);
  });
});
