import { settingsReference } from '../../../modules/settings/reference';
import { readDocument, withoutAlignment } from '../../support/documents';

describe('docs/settings.md', () => {
  it('matches the schema of the settings; npm run docs writes it', () => {
    expect(withoutAlignment(readDocument('settings.md'))).toContain(withoutAlignment(settingsReference()));
  });
});
