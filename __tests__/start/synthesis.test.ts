import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SOURCES, synthesise } from '../../start/synthesis';
import { setVariablesForEachTest } from '../support/environment-variables';
import { folderForEachTest } from '../support/temporary-folder';

jest.setTimeout(60_000);

const ENVIRONMENTS = readdirSync(join(SOURCES.root, 'environments'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace('.ts', ''));

const folder = folderForEachTest('synthesis-');
setVariablesForEachTest();

describe('a synth', () => {
  it('writes a stack for each environment, and removes what an earlier synth wrote', async () => {
    const stale = join(folder(), 'stacks', 'stale');
    mkdirSync(stale, { recursive: true });
    writeFileSync(join(stale, 'cdk.tf.json'), '{}');
    const stacks = await synthesise(folder());
    expect([...stacks.keys()].sort()).toEqual(ENVIRONMENTS.sort());
    for (const stack of stacks.values()) expect(existsSync(join(stack, 'cdk.tf.json'))).toBe(true);
  });

  it('that is stopped fails with the reason of the stop', async () => {
    const stop = new AbortController();
    const synth = synthesise(folder(), stop.signal);
    stop.abort(new Error('stopped'));
    await expect(synth).rejects.toThrow(new Error('stopped'));
  });

  it('that fails reports its error output, not its command line', async () => {
    process.env['NODE_OPTIONS'] = `--require=${join(folder(), 'missing.cjs')}`;
    await expect(synthesise(folder())).rejects.toThrow(/^(?!.*Command failed).*Cannot find module '\S+missing\.cjs'/s);
  });
});

it('the sources that `npm start -- --watch` watches exist', () => {
  expect(SOURCES.names.filter((name) => !existsSync(join(SOURCES.root, name)))).toEqual([]);
});
