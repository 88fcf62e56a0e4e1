import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEndpoints } from '../../verify/one-machine';

const ENDPOINTS = {
  outputs: { api_url: { value: 'https://api.example.com' } },
  addresses: { 'api.example.com': '127.20.0.1' },
  authority: 'PEM',
  controlPlane: 'http://127.0.0.1:4566',
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'endpoints-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const write = (text: string): void => writeFileSync(join(folder, 'endpoints.json'), text);

describe('the endpoints of a deployment on this machine', () => {
  it('are read from the file that npm start writes', () => {
    write(JSON.stringify(ENDPOINTS));
    expect(readEndpoints(folder)).toEqual(ENDPOINTS);
  });

  it.each([
    ['missing', undefined],
    ['not JSON', 'no JSON'],
    ['without an address', JSON.stringify({ ...ENDPOINTS, controlPlane: undefined })],
    ['with a wrong address', JSON.stringify({ ...ENDPOINTS, controlPlane: 'somewhere' })],
  ])('are an error with the remedy if the file is %s', (_what, text) => {
    if (text !== undefined) write(text);
    expect(() => readEndpoints(folder)).toThrow(
      `${join(folder, 'endpoints.json')} does not contain the addresses of a deployment on this machine. Run \`npm start\` first, and leave it running.`,
    );
  });
});
