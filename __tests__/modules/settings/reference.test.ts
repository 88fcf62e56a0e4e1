import { settingsReference } from '../../../modules/settings/reference';
import { readPage, withoutAlignment } from '../../support/documents';

describe('docs/settings.md', () => {
  it('matches the schema of the settings; npm run docs writes it', () => {
    expect(withoutAlignment(readPage('settings.md'))).toContain(withoutAlignment(settingsReference()));
  });
});
