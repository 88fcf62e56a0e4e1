import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, buildSync, type BuildOptions, type BuildResult } from 'esbuild';
import { BUILD_FOLDER, writeBuildFile } from './build-folder';
import { zip } from './zip';

const ROOT = join(__dirname, '..', '..');
const FUNCTIONS = join(ROOT, 'functions');

/** esbuild options for every function. */
export const BUNDLE_OPTIONS = {
  absWorkingDir: ROOT,
  write: false,
  bundle: true,
  minify: true,
  sourcemap: 'external',
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // esbuild can tree-shake the AWS SDK's ES modules, but not its CommonJS ones.
  mainFields: ['module', 'main'],
  // This stand-in saves a fifth to a third of the load time of a function that signs tokens (docs/adr/0006).
  alias: { '@aws-sdk/credential-providers': join(FUNCTIONS, 'stand-ins', 'credential-providers.ts') },
  legalComments: 'none',
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** A bundled function. */
export interface Bundle {
  /** Path of the zip. The source map, for stack traces, is beside it. */
  readonly zip: string;
  /** Size of the zip, bytes. */
  readonly bytes: number;
  /** Size of the code inside, bytes. */
  readonly codeBytes: number;
}

/** Code and source map of every function, by path. Cached only for this run, so that they cannot go stale. */
let built: ReadonlyMap<string, Uint8Array> | undefined;

const bundles = new Map<string, Bundle>();
/** The functions bundled in this run, by folder. */
export const bundledFunctions: ReadonlyMap<string, Bundle> = bundles;

/**
 * Bundles `functions/<folder>/handler.ts` into a zip with one file, `index.js`, once per run. The same sources give the same bytes, in
 * any checkout and at any time.
 *
 * @throws BuildFailure if the sources of any function do not bundle.
 */
export function bundleFunction(folder: string): Bundle {
  const existing = bundles.get(folder);
  if (existing) return existing;
  built ??= filesOf(buildSync(allFunctions()));
  const code = built.get(join(BUILD_FOLDER, `${folder}.js`));
  const map = built.get(join(BUILD_FOLDER, `${folder}.js.map`));
  if (!code || !map) throw new Error(`functions/${folder}/handler.ts does not exist`);
  const bytes = zip({ 'index.js': code });
  const path = writeBuildFile(`${folder}.zip`, bytes);
  writeBuildFile(`${folder}.js.map`, map);
  const bundle = { zip: path, bytes: bytes.length, codeBytes: code.length };
  bundles.set(folder, bundle);
  return bundle;
}

/** Bundles every function in esbuild's own process, while this process does other work. @throws BuildFailure like `bundleFunction` */
export async function bundleAhead(): Promise<void> {
  built = filesOf(await build(allFunctions()));
}

/** Lists the folders of `functions/` that have a handler. */
export function functionFolders(): readonly string[] {
  return readdirSync(FUNCTIONS).filter((folder) => existsSync(join(FUNCTIONS, folder, 'handler.ts')));
}

/** Options to bundle all functions in one call: esbuild starts once and parses shared code once. */
function allFunctions() {
  const entryPoints = Object.fromEntries(functionFolders().map((folder) => [folder, `functions/${folder}/handler.ts`]));
  return { ...BUNDLE_OPTIONS, entryPoints, outdir: BUILD_FOLDER };
}

const filesOf = ({ outputFiles }: BuildResult<{ write: false }>): ReadonlyMap<string, Uint8Array> =>
  new Map(outputFiles.map(({ path, contents }) => [path, contents]));
