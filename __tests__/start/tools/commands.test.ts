import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { byPip, bySystem, type SystemPackages } from '../../../start/tools/commands';
import { setVariablesForEachTest } from '../../support/environment-variables';
import { folderForEachTest } from '../../support/temporary-folder';

const ROOT = join(__dirname, '..', '..', '..');

const MARIADB: SystemPackages = {
  apt: [['mariadb-server-core', 'mariadb-client-core'], ['mariadb-server']],
  dnf: ['mariadb-server', 'mariadb'],
  brew: ['mariadb'],
};

/** Shell scripts by the name of the program. */
type Programs = Readonly<Record<string, string>>;

const SUCCEEDS = 'exit 0';
const FAILS = 'exit 1';

const root = folderForEachTest('commands-');
setVariablesForEachTest();

/** Makes a folder that has only these programs. */
function folderWith(programs: Programs, name = 'bin'): string {
  const folder = join(root(), name);
  mkdirSync(folder);
  for (const [program, script] of Object.entries(programs))
    writeFileSync(join(folder, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return folder;
}

describe('the installation of system packages', () => {
  it.each<[string[], string]>([
    [['apt-get', 'dnf', 'brew'], 'apt-get install mariadb-server-core mariadb-client-core'],
    [['dnf', 'brew'], 'dnf install -y mariadb-server mariadb'],
    [['brew'], 'brew install mariadb'],
  ])('on a system with %j shows the command %s', (managers, command) => {
    process.env['PATH'] = folderWith(Object.fromEntries(managers.map((name) => [name, SUCCEEDS])));
    expect(bySystem(MARIADB, 65)).toMatchObject({ command, megabytes: 65 });
  });

  it('is undefined without apt-get, dnf and brew', () => {
    process.env['PATH'] = folderWith({});
    expect(bySystem(MARIADB, 65)).toBeUndefined();
  });
});

describe('the installation of a Python package', () => {
  const pip = "pip install 'moto==5' in .tools/";

  it('needs only pip if Python can create virtual environments', () => {
    process.env['PATH'] = folderWith({ python3: SUCCEEDS, 'apt-get': SUCCEEDS });
    expect(byPip('moto==5', 265)).toMatchObject({ command: pip, megabytes: 265 });
  });

  it('first installs what Python needs for virtual environments, if it is missing', () => {
    process.env['PATH'] = folderWith({ python3: FAILS, 'apt-get': SUCCEEDS });
    expect(byPip('moto==5', 265)).toMatchObject({
      command: `apt-get install python3-venv; ${pip}`,
      // python3-venv takes 50 MB.
      megabytes: 265 + 50,
    });
  });
});

describe('an installation', () => {
  const aptInstall = (packages: string): string =>
    `env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends --no-upgrade ${packages}`;

  /**
   * Runs all installations in one process. While one runs, the PATH holds only its programs, `env` and `sudo`.
   *
   * @returns the commands of each installation, without sudo
   */
  function commandsOf(installations: readonly [Programs, expression: string][]): string[][] {
    const code = installations.map(([programs, expression], index) => {
      const path = folderWith(
        { env: 'shift; exec "$@"', sudo: '[ "$1" = -n ] && shift; exec "$@"', ...programs },
        `bin-${index}`,
      );
      return `console.log('next'); process.env.PATH = ${JSON.stringify(path)}; ${expression}.run();`;
    });
    const functions = "const { bySystem, byPip } = require('./start/tools/commands');";
    const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', '-e', [functions, ...code].join('\n')], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    const [, ...outputs] = stdout.split('next\n');
    return outputs.map((output) =>
      output
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/^ {2}(sudo (-n )?)?/, '')),
    );
  }

  it('runs its commands, with other packages if apt-get fails, and without pip if the virtual environment cannot be created', () => {
    const mariadb = `bySystem(${JSON.stringify(MARIADB)}, 65)`;
    const first = aptInstall('mariadb-server-core mariadb-client-core');
    expect(
      commandsOf([
        [{ 'apt-get': SUCCEEDS }, mariadb],
        // A release without the core packages.
        [{ 'apt-get': 'case "$*" in *server-core*) exit 100;; esac' }, mariadb],
        [{ dnf: SUCCEEDS }, mariadb],
        [{ brew: SUCCEEDS }, mariadb],
        // Creating the virtual environment fails. Then pip must not run: it would only add another error.
        [{ dnf: SUCCEEDS, python3: FAILS }, "byPip('moto==5', 265)"],
      ]),
    ).toEqual([
      ['apt-get update', first],
      ['apt-get update', first, aptInstall('mariadb-server')],
      ['dnf install -y mariadb-server mariadb'],
      ['brew install mariadb'],
      ['dnf install -y python3', expect.stringMatching(/python3 -m venv \S+\.tools\/python$/)],
    ]);
  }, 60_000);
});
