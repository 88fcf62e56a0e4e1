/**
 * Writes the generated parts of pages: the settings, the interruptions that changes of settings cause, the API, and the costs of dev.
 * Two markers surround each part.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import dev from '../environments/dev';
import { createApp } from '../modules/app';
import { SettingsError } from '../modules/settings/problem';
import { interruptionsReference, settingsReference } from '../modules/settings/reference';
import { apiReference } from './api-reference';
import { costsOf, costTable, type Resources } from './costs/table';

function write(page: string, marker: string, text: string): void {
  const file = join(__dirname, '..', page);
  const generatedPart = new RegExp(`(?<=<!-- ${marker} -->\\n).*(?=\\n<!-- end of ${marker} -->)`, 's');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(generatedPart, () => `\n${text}\n`),
  );
}

function resourcesOfDev(): Resources {
  const outdir = mkdtempSync(join(tmpdir(), 'costs-'));
  try {
    createApp([dev], outdir).synth();
    const text = readFileSync(join(outdir, 'stacks', dev.name, 'cdk.tf.json'), 'utf8');
    return (JSON.parse(text) as { readonly resource: Resources }).resource;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

try {
  // Makes all texts before it writes the first, so that an error changes no page.
  const references = [
    ['docs/settings.md', 'settings', settingsReference()],
    ['docs/settings.md', 'interruptions', interruptionsReference()],
    ['docs/api.md', 'reference', apiReference()],
    ['README.md', 'costs', costTable(costsOf(resourcesOfDev()))],
  ] as const;
  for (const [page, marker, text] of references) write(page, marker, text);
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(`No page was changed. ${error.message}`);
  process.exitCode = 1;
}
