import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { zip } from '../modules/compute/zip';

/** Zips `peers/<name>.ts`, bundled and minified for Node.js 20. Other options are esbuild's defaults. */
export function bundlePeer(name: string): Uint8Array {
  const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, 'peers', `${name}.ts`)],
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    write: false,
  });
  return zip({ 'index.js': outputFiles[0]?.contents ?? new Uint8Array() });
}
