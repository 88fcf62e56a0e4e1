import { removeEndpoints, writeEndpoints } from '../../start/endpoints-file';
import { readEndpoints } from '../../verify/one-machine';
import { folderForEachTest } from '../support/temporary-folder';

const folder = folderForEachTest('endpoints-');

it('npm run verify reads the addresses that npm start wrote, and fails once npm start has removed them', () => {
  const endpoints = {
    outputs: { api_url: { value: 'https://api.acme.org' } },
    addresses: { 'api.acme.org:443': '127.0.0.1:8443' },
    authority: 'PEM',
    controlPlane: 'http://127.0.0.1:5000',
  };
  writeEndpoints(folder(), endpoints);
  expect(readEndpoints(folder())).toEqual(endpoints);
  removeEndpoints(folder());
  expect(() => readEndpoints(folder())).toThrow('does not contain the addresses of a deployment on this machine');
});
