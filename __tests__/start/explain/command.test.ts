import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainCommand } from '../../../start/explain/command';
import type { Explanation } from '../../../start/explain/explain';
import { ChangedState } from '../../one-machine/support/changed-state';
import { planDeployment } from './planned-state';
import { allFeatures } from '../../support/stack';

const ROOT = join(__dirname, '..', '..', '..');

const { state } = planDeployment(allFeatures);
// One test starts a process that compiles TypeScript.
jest.setTimeout(60_000);

let folder: string;
let stateFile: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'explain-'));
  stateFile = join(folder, 'state.json');
  // As `terraform show -json` prints it.
  writeFileSync(stateFile, JSON.stringify({ format_version: '1.0', terraform_version: '1.11.4', ...state }));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Writes the state as if npm start had applied it. @param name environment, with `.N` appended for a deployment of `--number N` */
function keepApplied(name: string): void {
  const kept = join(folder, 'local', name);
  mkdirSync(kept, { recursive: true });
  writeFileSync(join(kept, 'applied.json'), JSON.stringify({ fingerprint: '', state }));
}

function runExplain(...args: string[]): { status: number; output: string; error: string } {
  const errors = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    let output = '';
    const status = explainCommand(args, (text) => (output += text));
    return { status, output, error: errors.mock.calls.flat().join('\n') };
  } finally {
    errors.mockRestore();
  }
}

describe('npm start -- explain', () => {
  it('explains a login in a state file', () => {
    const { status, output } = runExplain('func2', '--state', stateFile);
    expect(output).toMatch(
      /^The function login-matrix-test-func2 logs in to \S+ as timestamps, by IAM\n\nRole\n {2}✔ /,
    );
    expect(output).toMatch(/\nAll \d+ conditions hold\.\nOnly AWS can show:\n {2}- /);
    expect(output).not.toMatch(/✘|Fix:/);
    expect(status).toBe(0);
  });

  it('explains the environment that npm start applied last', () => {
    keepApplied('test');
    const { status, output } = runExplain('analyst', '--environment', 'test', '--folder', join(folder, 'local'));
    expect(output).toMatch(/^The client host logs in to .* as analyst, by IAM\n/);
    expect(status).toBe(0);
  });

  it('explains the environment that npm start applied with --number', () => {
    keepApplied('test.7');
    const options = ['--environment', 'test', '--folder', join(folder, 'local')];
    expect(runExplain('analyst', ...options, '--number', '7')).toMatchObject({ status: 0, error: '' });
    expect(runExplain('analyst', ...options, '--number', '8').error).toMatch(
      /^Nothing was applied here: \S+test\.8\/applied\.json/,
    );
    expect(runExplain('analyst', ...options, '--number', '0').error).toBe(
      '--number must be a whole number from 1 to 254, got 0.',
    );
  });

  it('marks failed conditions, prints the fix of the first, and ends with status 1', () => {
    const broken = new ChangedState(state);
    broken.remove('aws_vpc_security_group_egress_rule', 'functions-to-iam-proxy');
    broken.one('aws_db_proxy', 'iam-proxy')['require_tls'] = false;
    const file = join(folder, 'broken.json');
    writeFileSync(file, JSON.stringify(broken.state));
    const { status, output } = runExplain('func2', '--state', file);
    expect(output.match(/^ {2}✘ /gm)).toHaveLength(2);
    expect(output.match(/^ {4}Fix: .*$/gm)).toEqual([
      expect.stringMatching(/Add an egress rule for TCP 3306 to \S+-iam\..* to the security group \S+-functions\.$/),
    ]);
    expect(output).toMatch(/ {2}✘ an egress rule .*\n {6}no egress rule .*\n {6}aws_security_group\.\S+functions_/);
    expect(output).toMatch(/\n2 of \d+ conditions do not hold\.\n/);
    expect(status).toBe(1);
  });

  it('prints JSON with --json', () => {
    const { status, output } = runExplain('timestamps', '--state', stateFile, '--json');
    expect((JSON.parse(output) as Explanation[]).map(({ holds }) => holds)).toEqual([true, true]);
    expect(status).toBe(0);
  });

  it('lists the functions and users if NAME is none of them', () => {
    expect(runExplain('func3', '--state', stateFile)).toMatchObject({
      status: 2,
      error: expect.stringMatching(
        /^There is no function or database user named func3 with a login to explain\. Functions: .*func2.*analyst/,
      ) as string,
    });
  });

  it('runs as a command of npm start', () => {
    const tsx = join(ROOT, 'node_modules', '.bin', 'tsx');
    const { status, stdout } = spawnSync(tsx, ['start/main.ts', 'explain', 'func1', '--state', stateFile], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^The function login-matrix-test-func1 logs in to /);
    expect(status).toBe(0);
  });

  it('prints its usage with --help', () => {
    expect(runExplain('--help')).toMatchObject({
      status: 0,
      output: expect.stringContaining('explain NAME') as string,
    });
  });

  it.each([
    [[], /^explain takes one name, got 0\./],
    [['func1', 'func2'], /^explain takes one name, got 2\./],
    [['func1', '--verbose'], /Unknown option '--verbose'/],
    [
      ['func1', '--state', '/no/such/file'],
      /^--state must be a file with the output of `terraform show -json`, got \/no\/such/,
    ],
    [
      ['func1', '--folder', '/no/such/folder'],
      /applied\.json does not exist\. Run `npm start` first, or set --state to a file/,
    ],
  ])('rejects %j', (args, message) => {
    const { status, error } = runExplain(...args);
    expect(error).toMatch(message);
    expect(status).toBe(2);
  });

  it.each(['', 'null', '[]', '{}', '{"values":{"root_module":{}}}', 'Error: no state'])(
    'rejects a state file that holds %j',
    (text) => {
      const file = join(folder, 'odd.json');
      writeFileSync(file, text);
      expect(runExplain('func1', '--state', file)).toMatchObject({
        status: 2,
        error: expect.stringMatching(/^--state must be a file with the output of `terraform show -json`/) as string,
      });
    },
  );
});
