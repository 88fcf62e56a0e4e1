import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { zip } from '../modules/compute/zip';

/** A zip of a function in `peers/`, as esbuild makes it for Node.js when it is told nothing more than to minify. */
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
