import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import dev from '../../environments/dev';
import { interruptionsReference, settingsReference } from '../../modules/settings/reference';
import { apiReference } from '../../scripts/api-reference';
import { costsOf, costTable } from '../../scripts/costs/table';
import { withoutAlignment } from '../support/documents';
import { synthesise } from '../support/stack';

it.each([
  ['settings', 'docs/settings.md', settingsReference],
  ['interruptions', 'docs/settings.md', interruptionsReference],
  ['routes', 'docs/api.md', apiReference],
  ['costs of dev', 'README.md', () => costTable(costsOf(synthesise(dev).resources))],
])('the generated part about %s in %s is up to date; npm run docs writes it', (_what, page, reference) => {
  const written = readFileSync(join(__dirname, '..', '..', page), 'utf8');
  expect(withoutAlignment(written)).toContain(withoutAlignment(reference()));
});
