import { settingsReference } from '../../../modules/settings/reference';
import { readPage, withoutAlignment } from '../../support/markdown';

describe('docs/settings.md', () => {
  it('tells of the settings as the schema has them; npm run docs writes it', () => {
    expect(withoutAlignment(readPage('settings.md'))).toContain(withoutAlignment(settingsReference()));
  });
});
