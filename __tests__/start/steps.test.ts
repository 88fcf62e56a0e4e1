import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { LocalDeployment, TerraformPlan } from '../../local';
import { AlreadyShown } from '../../start/cli/phases';
import type { PlanSummary } from '../../start/cli/plan-summary';
import { Steps } from '../../start/steps';

let folder: string;
let printed: string[];
let errors: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steps-'));
  [printed, errors] = [[], []];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  jest.spyOn(console, 'error').mockImplementation((line: string) => void errors.push(line));
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Steps as in a script: without a terminal. */
const steps = ({ yes = false, verbose = false } = {}): Steps =>
  new Steps({ kept: join(folder, 'dev'), yes, verbose, signal: new AbortController().signal });

const deploymentWith = (values: object): LocalDeployment => values as LocalDeployment;

/** The printed lines without the seconds in front of the phases. */
const lines = (): string[] => printed.map((line) => line.replace(/^ *\d+ s {2}/, ''));

describe('the phase that applies everything', () => {
  const timeline = (): boolean => existsSync(join(folder, 'dev.apply-times.json'));

  it('keeps the timeline of the apply beside the folder of the deployment', async () => {
    const apply = jest.fn(() => Promise.resolve());
    const all = steps();
    await all.run(all.applyAll(deploymentWith({ isApplied: false, apply })));
    expect(apply).toHaveBeenCalledTimes(1);
    expect(timeline()).toBe(true);
  });

  it('keeps no timeline of an apply that fails', async () => {
    const apply = () => Promise.reject(new Error('no space left'));
    const all = steps();
    const failing = all.run(all.applyAll(deploymentWith({ isApplied: false, apply })));
    await expect(failing).rejects.toThrow(AlreadyShown);
    expect(errors).toEqual(['no space left']);
    expect(timeline()).toBe(false);
  });

  it('is skipped if the configuration is already applied', async () => {
    const apply = jest.fn(() => Promise.resolve());
    const all = steps();
    await all.run(all.applyAll(deploymentWith({ isApplied: true, apply })));
    expect(apply).not.toHaveBeenCalled();
    expect(lines()[0]).toMatch(/: nothing to do, this configuration is already applied$/);
  });
});

describe('the phase that applies a change', () => {
  const changed = (all: Steps): Promise<void> => {
    const apply = async (): Promise<void> => {
      await setImmediate();
      all.read('aws_vpc.network: Modifying... [id=vpc-1]');
    };
    return all.run(all.applyChange(deploymentWith({ apply })));
  };

  it.each([
    [true, ['Terraform applies the change', 'aws_vpc.network: Modifying... [id=vpc-1]']],
    [false, ['Terraform applies the change']],
  ])('prints the lines of Terraform only if it is verbose: %s', async (verbose, expected) => {
    await changed(steps({ verbose }));
    expect(lines()).toEqual(expected);
  });
});

describe('the plan of a change', () => {
  const planOf = (plan: () => Promise<TerraformPlan>): Promise<PlanSummary> =>
    steps().plan(deploymentWith({ plan }), 'Terraform plans the change');

  it('is printed as a summary', async () => {
    const { outcome } = await planOf(() => Promise.resolve({}));
    expect(lines()).toEqual(['Terraform plans the change', '0 to add, 0 to change, 0 to replace, 0 to destroy']);
    expect(outcome).toBe('nothing changed');
  });

  it('that fails offers a start without the kept deployment', async () => {
    await expect(planOf(() => Promise.reject(new Error('the state is broken')))).rejects.toThrow(AlreadyShown);
    expect(errors).toEqual(['the state is broken\n\nTo start from an empty deployment: npm start -- --fresh']);
  });
});

// The tests of ask have the answers in a terminal.
describe('a change without a terminal', () => {
  beforeEach(() => void jest.spyOn(process, 'stdin', 'get').mockReturnValue(new PassThrough() as never));

  const harmless: PlanSummary = { text: '', outcome: '', losses: [] };
  const harmful: PlanSummary = { ...harmless, losses: ['the database, with all its data (aws_db_instance.it)'] };

  it.each([
    ['that deletes nothing is confirmed', harmless, false, false, true],
    ['that deletes nothing is confirmed, also where a terminal would ask', harmless, false, true, true],
    ['that deletes data is not confirmed', harmful, false, false, false],
    ['that deletes data is confirmed with --yes', harmful, true, false, true],
  ])('%s', async (_what, summary, yes, asksAlways, expected) => {
    expect(await steps({ yes }).isConfirmed(summary, asksAlways)).toBe(expected);
  });

  it('names the deleted data', async () => {
    await steps().isConfirmed(harmful, false);
    expect(lines()).toEqual(['This deletes the database, with all its data (aws_db_instance.it).']);
  });
});
