import { apiReference } from '../../scripts/api-reference';
import { readDocument, withoutAlignment } from '../support/documents';

it('docs/api.md has the reference of the API; npm run docs writes it', () => {
  expect(withoutAlignment(readDocument('api.md'))).toContain(withoutAlignment(apiReference()));
});
