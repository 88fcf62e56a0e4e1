/** Makes the same zips with one call of esbuild for each function, as examples of CDKTF do. */
import { buildSync } from 'esbuild';
import { BUNDLE_OPTIONS, routesWithCode } from '../../modules/compute/bundle';
import { writeBuildFile } from '../../modules/compute/build-folder';
import { zip } from '../../modules/compute/zip';

for (const route of routesWithCode()) {
  const { outputFiles } = buildSync({
    ...BUNDLE_OPTIONS,
    entryPoints: [`functions/${route}/handler.ts`],
    outfile: `.build/${route}.js`,
  });
  const code = outputFiles.find(({ path }) => path.endsWith('.js'))?.contents ?? new Uint8Array();
  writeBuildFile(`peer-${route}.zip`, zip({ 'index.js': code }));
}
