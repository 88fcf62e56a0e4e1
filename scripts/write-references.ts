/** Writes the generated parts of pages, each between two markers: settings, the API, costs of dev. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import dev from '../environments/dev';
import { createApp } from '../modules/app';
import { interruptionsReference, settingsReference } from '../modules/settings/reference';
import { apiReference } from './api-reference';
import { costsOf, costTable, type Resources } from './costs/table';

write('docs/settings.md', 'settings', settingsReference());
write('docs/settings.md', 'interruptions', interruptionsReference());
write('docs/api.md', 'reference', apiReference());
write('README.md', 'costs', costTable(costsOf(resourcesOfDev())));

function write(page: string, marker: string, text: string): void {
  const file = join(__dirname, '..', page);
  const between = new RegExp(`(<!-- ${marker} -->\\n).*(\\n<!-- end of ${marker} -->)`, 's');
  const whole = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    whole.replace(between, (_all, start: string, end: string) => `${start}\n${text}\n${end}`),
  );
}

function resourcesOfDev(): Resources {
  const outdir = mkdtempSync(join(tmpdir(), 'costs-'));
  createApp([dev], outdir).synth();
  const text = readFileSync(join(outdir, 'stacks', dev.name, 'cdk.tf.json'), 'utf8');
  rmSync(outdir, { recursive: true });
  return (JSON.parse(text) as { readonly resource: Resources }).resource;
}
