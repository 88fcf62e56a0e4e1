/** Writes what dev costs into README.md, between its two markers. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dev } from '../environments/dev';
import { createApp } from '../modules/app';
import { costsOf, costTable, type Resources } from './costs/table';

const FILE = join(__dirname, '..', 'README.md');
const BETWEEN_MARKERS = /(<!-- costs -->\n).*(\n<!-- end of costs -->)/s;

const outdir = mkdtempSync(join(tmpdir(), 'costs-'));
createApp([dev], outdir).synth();
const { resource } = JSON.parse(readFileSync(join(outdir, 'stacks', dev.name, 'cdk.tf.json'), 'utf8')) as {
  resource: Resources;
};
rmSync(outdir, { recursive: true });
const table = costTable(costsOf(resource));
writeFileSync(
  FILE,
  readFileSync(FILE, 'utf8').replace(
    BETWEEN_MARKERS,
    (_all, start: string, end: string) => `${start}\n${table}\n${end}`,
  ),
);
