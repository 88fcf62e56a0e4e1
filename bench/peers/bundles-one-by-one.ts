/** Bundles and zips all functions. Calls esbuild once for each function, as examples of CDKTF do. */
import { buildSync } from 'esbuild';
import { BUNDLE_OPTIONS, functionFolders } from '../../modules/compute/bundle';
import { writeBuildFile } from '../../modules/compute/build-folder';
import { zip } from '../../modules/compute/zip';

for (const folder of functionFolders()) {
  const { outputFiles } = buildSync({
    ...BUNDLE_OPTIONS,
    entryPoints: [`functions/${folder}/handler.ts`],
    outfile: `.build/${folder}.js`,
  });
  const code = outputFiles.find(({ path }) => path.endsWith('.js'))?.contents ?? new Uint8Array();
  writeBuildFile(`peer-${folder}.zip`, zip({ 'index.js': code }));
}
