import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsReference } from '../../../modules/settings/reference';

/** Prettier aligns the columns of the page. */
const loosely = (markdown: string): string =>
  markdown.replace(/ +/g, ' ').replace(/-{3,}/g, '---').replaceAll('| ---', '|---').replaceAll('--- |', '---|');

describe('docs/settings.md', () => {
  it('tells of the settings as the schema has them; npm run docs writes it', () => {
    const page = readFileSync(join(__dirname, '../../../docs/settings.md'), 'utf8');
    expect(loosely(page)).toContain(loosely(settingsReference()));
  });
});
