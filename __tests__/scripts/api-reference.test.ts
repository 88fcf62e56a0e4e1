import { apiReference } from '../../scripts/api-reference';
import { readPage, withoutAlignment } from '../support/documents';

it('docs/api.md matches the API’s document; npm run docs writes it', () => {
  expect(withoutAlignment(readPage('api.md'))).toContain(withoutAlignment(apiReference()));
});
