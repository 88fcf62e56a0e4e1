import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorFileIn, initFileIn, serverOptions, socketIn } from '../../database/server-options';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'server-options-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  jest.restoreAllMocks();
});

describe('the options of MariaDB', () => {
  it('ignore the option files of this machine', async () => {
    // MariaDB accepts --no-defaults only as the first option.
    expect((await serverOptions(folder))[0]).toBe('--no-defaults');
  });

  it('name only paths in the given folder', async () => {
    const paths = (await serverOptions(folder)).flatMap((option) => /=(\/.*)/.exec(option)?.[1] ?? []);
    expect(paths.filter((path) => !path.startsWith(folder))).toEqual([]);
    expect(paths).toEqual(expect.arrayContaining([socketIn(folder), initFileIn(folder), errorFileIn(folder)]));
  });

  it('let SQL read and write files only in an empty folder, and keep temporary tables in another', async () => {
    const options = await serverOptions(folder);
    expect(options).toEqual(
      expect.arrayContaining([`--secure-file-priv=${join(folder, 'files')}`, `--tmpdir=${join(folder, 'tmp')}`]),
    );
    expect(readdirSync(folder).sort()).toEqual(['files', 'tmp']);
    expect(readdirSync(join(folder, 'files'))).toEqual([]);
  });

  it('include --user=root for root only', async () => {
    const getuid = jest.spyOn(process as Required<typeof process>, 'getuid');
    const userOptions = async () => (await serverOptions(folder)).filter((option) => option.startsWith('--user'));
    getuid.mockReturnValue(0);
    expect(await userOptions()).toEqual(['--user=root']);
    getuid.mockReturnValue(1000);
    expect(await userOptions()).toEqual([]);
  });
});
