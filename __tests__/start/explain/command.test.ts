import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resourcesOf, type TerraformResource } from '../../../local';
import { explainCommand } from '../../../start/explain/command';
import type { Explanation } from '../../../start/explain/explain';
import { ChangedState } from '../../one-machine/support/changed-state';
import { allFeatures } from '../../support/stack';
import { folderForEachTest } from '../../support/temporary-folder';
import { planDeployment } from './planned-state';

const ROOT = join(__dirname, '..', '..', '..');

const { state } = planDeployment(allFeatures);
// One test starts a process, which takes seconds to compile TypeScript.
jest.setTimeout(60_000);

const folder = folderForEachTest('explain-');

/** Writes a text to a file for `--state`. @returns its path */
function fileWith(text: string): string {
  const file = join(folder(), 'state.json');
  writeFileSync(file, text);
  return file;
}

/** Writes the state as `terraform show -json` prints it. @returns the file's path */
const stateFile = (): string =>
  fileWith(JSON.stringify({ format_version: '1.0', terraform_version: '1.11.4', ...state }));

/**
 * Writes a state as if npm start had applied it.
 *
 * @param name environment, with `.N` appended for a deployment of `--number N`
 * @param kept content of `applied.json`. After an apply that was not complete, it has no `fingerprint`.
 */
function keepApplied(name: string, kept: object = { fingerprint: '', state }): void {
  const deploymentFolder = join(folder(), name);
  mkdirSync(deploymentFolder, { recursive: true });
  writeFileSync(join(deploymentFolder, 'applied.json'), JSON.stringify(kept));
}

/** Writes a state file of the environment `test`, as Terraform does while it applies. @returns its path */
function keepUnfinished(resources: readonly TerraformResource[]): string {
  const stackFolder = join(folder(), 'test', 'terraform', 'test');
  mkdirSync(stackFolder, { recursive: true });
  const content = {
    version: 4,
    resources: resources.map(({ mode, type, name, values }) => ({
      mode,
      type,
      name,
      instances: [{ attributes: values }],
    })),
  };
  const file = join(stackFolder, 'terraform.tfstate');
  writeFileSync(file, JSON.stringify(content));
  return file;
}

function runExplain(...args: string[]): { status: number; output: string; error: string } {
  const output = jest.spyOn(console, 'log').mockReturnValue();
  const errors = jest.spyOn(console, 'error').mockReturnValue();
  const status = explainCommand(args);
  const textOf = ({ mock }: jest.SpyInstance): string => mock.calls.flat().join('\n');
  const result = { status, output: textOf(output), error: textOf(errors) };
  jest.restoreAllMocks();
  return result;
}

describe('npm start -- explain', () => {
  it('explains a login in a state file', () => {
    const { status, output } = runExplain('func2', '--state', stateFile());
    expect(output).toMatch(
      /^The function login-matrix-test-func2 logs in to \S+ as 'timestamps', by IAM\n\nRole\n {2}✔ /,
    );
    expect(output).toMatch(/\nAll \d+ conditions hold\.\nNot checked:\n {2}- /);
    expect(output).not.toMatch(/✘|Fix:/);
    expect(status).toBe(0);
  });

  it('explains an environment as npm start last applied it', () => {
    keepApplied('test');
    const { status, output } = runExplain('analyst', '--environment', 'test', '--folder', folder());
    expect(output).toMatch(/^The client host logs in to .* as 'analyst', by IAM\n/);
    expect(status).toBe(0);
  });

  it('explains only the deployment with the given --number', () => {
    keepApplied('test.7');
    const options = ['--environment', 'test', '--folder', folder()];
    expect(runExplain('analyst', ...options, '--number', '7')).toMatchObject({ status: 0, error: '' });
    expect(runExplain('analyst', ...options, '--number', '8').error).toMatch(
      /^Nothing was applied here: \S+test\.8\/applied\.json/,
    );
  });

  describe('if the last apply was not complete', () => {
    const command = (): string[] => ['func2', '--environment', 'test', '--folder', folder()];
    const resources = resourcesOf(state);
    /** Everything except the last resource of an apply, the invocation of the login check. */
    const withoutLoginCheck = resources.filter(({ values }) => !String(values['input']).startsWith('{"logins"'));
    const notice = 'The last apply was not complete: the result shows what it created so far.';

    it('explains what the first apply created, and says that it was not complete', () => {
      expect(withoutLoginCheck).toHaveLength(resources.length - 1);
      keepUnfinished(withoutLoginCheck);
      const { status, output, error } = runExplain(...command());
      expect(error).toBe(notice);
      expect(output).toMatch(/^The function login-matrix-test-func2 logs in to .*\n[^]*\nAll \d+ conditions hold\.\n/);
      expect(status).toBe(0);
    });

    it('prints only JSON on standard output with --json', () => {
      keepUnfinished(withoutLoginCheck);
      expect(JSON.parse(runExplain(...command(), '--json').output)).toMatchObject([{ holds: true }]);
    });

    it('explains what a later apply changed so far', () => {
      keepApplied('test', { state });
      keepUnfinished(resources.filter(({ type }) => type !== 'aws_vpc_security_group_egress_rule'));
      expect(runExplain(...command())).toMatchObject({ status: 1, error: notice });
    });

    it('explains the earlier apply while the state file is empty, as when Terraform begins to write it', () => {
      keepApplied('test', { state });
      writeFileSync(keepUnfinished([]), '');
      expect(runExplain(...command())).toMatchObject({ status: 0, error: notice });
    });

    it('lists the created functions if the apply ended before it created the requested one', () => {
      keepUnfinished(resources.filter(({ type }) => type !== 'aws_lambda_function'));
      const { status, error } = runExplain(...command());
      expect(error).toMatch(
        /^The last apply was not complete: .*\nThere is no function .* named func2 .* Functions: none\./,
      );
      expect(status).toBe(2);
    });

    it('says that nothing was applied if it created nothing', () => {
      keepUnfinished([]);
      const { status, error } = runExplain(...command());
      expect(error).toMatch(/^Nothing was applied here: \S+\/applied\.json does not exist\. Run `npm start` first/);
      expect(status).toBe(2);
    });
  });

  // report.test.ts tests the rest of the report.
  it('prints only the fix of the first failed condition, and ends with status 1', () => {
    const broken = new ChangedState(state);
    broken.remove('aws_vpc_security_group_egress_rule', 'functions-to-iam-proxy');
    broken.one('aws_db_proxy', 'iam-proxy')['require_tls'] = false;
    const { status, output } = runExplain('func2', '--state', fileWith(JSON.stringify(broken.state)));
    expect(output.match(/^ {4}Fix: .*$/gm)).toEqual([
      expect.stringMatching(/In the security group \S+-functions", add an egress rule for TCP 3306 to \S+-iam\./),
    ]);
    expect(status).toBe(1);
  });

  it('prints JSON with --json', () => {
    const { status, output } = runExplain('timestamps', '--state', stateFile(), '--json');
    // The functions func1 and func2 log in as this user.
    expect((JSON.parse(output) as Explanation[]).map(({ holds }) => holds)).toEqual([true, true]);
    expect(status).toBe(0);
  });

  it('runs as a command of npm start', () => {
    const tsx = join(ROOT, 'node_modules', '.bin', 'tsx');
    const { status, stdout } = spawnSync(tsx, ['start/main.ts', 'explain', 'func1', '--state', stateFile()], {
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

  it.each(['Error: no state', 'null', '{"values":{"root_module":{}}}'])(
    'rejects a state file that holds %j',
    (text) => {
      const { status, error } = runExplain('func1', '--state', fileWith(text));
      expect(error).toMatch(/^--state must be a file with the output of `terraform show -json`/);
      expect(status).toBe(2);
    },
  );
});
