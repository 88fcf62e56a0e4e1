import { apiReference } from '../../scripts/api-reference';
import { readPage, withoutAlignment } from '../support/markdown';

it('docs/api.md describes the routes as the document of the API does; npm run docs writes it', () => {
  expect(withoutAlignment(readPage('api.md'))).toContain(withoutAlignment(apiReference()));
});
