import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { LocalDeployment, TerraformPlan } from '../../local';
import { AlreadyShown } from '../../start/cli/phases';
import type { PlanSummary } from '../../start/cli/plan-summary';
import { Steps } from '../../start/steps';
import { consoleForEachTest } from '../support/console-output';
import { folderForEachTest } from '../support/temporary-folder';

const folder = folderForEachTest('steps-');
const output = consoleForEachTest();

/** Makes the steps. They print plain lines, because the standard output of `consoleForEachTest` is no terminal. */
const makeSteps = ({ yes = false, verbose = false } = {}): Steps =>
  new Steps({ deploymentFolder: join(folder(), 'dev'), yes, verbose, signal: new AbortController().signal });

const deploymentWith = (values: object): LocalDeployment => values as LocalDeployment;

/** The printed lines without the seconds in front of the phases. */
const lines = (): string[] => output().printed.map((line) => line.replace(/^ *\d+ s {2}/, ''));

describe('the phase that applies everything', () => {
  const hasTimeline = (): boolean => existsSync(join(folder(), 'dev.apply-times.json'));

  it('keeps the timeline of the apply beside the folder of the deployment', async () => {
    const apply = jest.fn(() => Promise.resolve());
    const steps = makeSteps();
    await steps.run(steps.applyAll(deploymentWith({ isApplied: false, startedEmpty: true, apply })));
    expect(apply).toHaveBeenCalledTimes(1);
    expect(hasTimeline()).toBe(true);
  });

  it('keeps no timeline of an apply that completes an interrupted one', async () => {
    const steps = makeSteps();
    await steps.run(
      steps.applyAll(deploymentWith({ isApplied: false, startedEmpty: false, apply: () => Promise.resolve() })),
    );
    expect(hasTimeline()).toBe(false);
  });

  it('keeps no timeline of an apply that fails', async () => {
    const apply = () => Promise.reject(new Error('no space left'));
    const steps = makeSteps();
    const failing = steps.run(steps.applyAll(deploymentWith({ isApplied: false, startedEmpty: true, apply })));
    await expect(failing).rejects.toThrow(AlreadyShown);
    expect(output().errors).toEqual(['no space left']);
    expect(hasTimeline()).toBe(false);
  });

  it('is skipped if the configuration is already applied', async () => {
    const apply = jest.fn(() => Promise.resolve());
    const steps = makeSteps();
    await steps.run(steps.applyAll(deploymentWith({ isApplied: true, apply })));
    expect(apply).not.toHaveBeenCalled();
    expect(lines()[0]).toMatch(/: nothing to do, this configuration is already applied$/);
  });
});

describe('the phase that applies a change', () => {
  const applyChange = (steps: Steps): Promise<void> => {
    const apply = async (): Promise<void> => {
      await setImmediate();
      steps.read('aws_vpc.network: Modifying... [id=vpc-1]');
    };
    return steps.run(steps.applyChange(deploymentWith({ apply })));
  };

  it.each([
    ['prints the lines of Terraform if verbose is true', true, ['aws_vpc.network: Modifying... [id=vpc-1]']],
    ['prints no lines of Terraform if verbose is false', false, []],
  ])('%s', async (_what, verbose, expected) => {
    await applyChange(makeSteps({ verbose }));
    expect(lines()).toEqual(['Terraform applies the change', ...expected]);
  });
});

describe('the plan of a change', () => {
  const summaryOf = (plan: () => Promise<TerraformPlan>): Promise<PlanSummary> =>
    makeSteps().plan(deploymentWith({ plan }), 'Terraform plans the change');

  it('is printed as a summary', async () => {
    const { outcome } = await summaryOf(() => Promise.resolve({}));
    expect(lines()).toEqual(['Terraform plans the change', '0 to add, 0 to change, 0 to replace, 0 to destroy']);
    expect(outcome).toBe('nothing changed');
  });

  it('reports an error and the command that starts from an empty deployment', async () => {
    await expect(summaryOf(() => Promise.reject(new Error('the state is broken')))).rejects.toThrow(AlreadyShown);
    expect(output().errors).toEqual(['the state is broken\n\nTo start from an empty deployment: npm start -- --fresh']);
  });
});

// cli/ask.test.ts tests the answers in a terminal.
describe('without a terminal, the confirmation of a change', () => {
  beforeEach(() => void jest.spyOn(process, 'stdin', 'get').mockReturnValue(new PassThrough() as never));

  const harmless: PlanSummary = { text: '', outcome: '', losses: [] };
  const harmful: PlanSummary = { ...harmless, losses: ['the database, with all its data (aws_db_instance.database)'] };

  it.each<[behaviour: string, summary: PlanSummary, yes: boolean, asksAlways: boolean, isConfirmed: boolean]>([
    ['is given if the change deletes nothing', harmless, false, false, true],
    ['is given if the change deletes nothing, even with asksAlways', harmless, false, true, true],
    ['is not given if the change deletes data', harmful, false, false, false],
    ['is given with --yes if the change deletes data', harmful, true, false, true],
  ])('%s', async (_behaviour, summary, yes, asksAlways, isConfirmed) => {
    expect(await makeSteps({ yes }).confirm(summary, { asksAlways })).toBe(isConfirmed);
  });

  it('prints what the change deletes', async () => {
    await makeSteps().confirm(harmful, { asksAlways: false });
    expect(lines()).toEqual(['This deletes the database, with all its data (aws_db_instance.database).']);
  });
});
