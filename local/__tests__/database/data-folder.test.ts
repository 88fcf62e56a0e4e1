import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDataFolder } from '../../database/data-folder';

jest.setTimeout(60_000);

const { PATH } = process.env;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'install-'));
});

afterEach(() => {
  process.env['PATH'] = PATH;
  rmSync(folder, { recursive: true });
});

describe('the data folder of MariaDB', () => {
  it('has the system tables and replaces incomplete data of an earlier start', async () => {
    mkdirSync(join(folder, 'data.new'));
    writeFileSync(join(folder, 'data.new', 'interrupted'), '');
    await createDataFolder(folder);
    expect(readdirSync(folder).sort()).toEqual(['data', 'tmp']);
    const data = readdirSync(join(folder, 'data'));
    expect(data).toContain('mysql');
    expect(data).not.toContain('interrupted');
  });

  it('can have a path with a space', async () => {
    const spaced = join(folder, 'with space');
    mkdirSync(spaced);
    await createDataFolder(spaced);
    expect(readdirSync(join(spaced, 'data'))).toContain('mysql');
  });

  it('does not exist if the installer fails: the incomplete data stays in data.new', async () => {
    const mkdirCommand = 'for option; do case $option in --datadir=*) mkdir "${option#--datadir=}" ;; esac; done';
    const programs = join(folder, 'bin');
    mkdirSync(programs);
    const installer = `#!/bin/sh\n${mkdirCommand}; echo broken >&2; exit 1\n`;
    writeFileSync(join(programs, 'mariadb-install-db'), installer, { mode: 0o755 });
    process.env['PATH'] = `${programs}:${PATH ?? ''}`;
    await expect(createDataFolder(folder)).rejects.toThrow('broken');
    expect(existsSync(join(folder, 'data.new'))).toBe(true);
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });
});
