import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SOURCES, synthesise } from '../../start/synthesis';

jest.setTimeout(60_000);

const environments = readdirSync(join(SOURCES.root, 'environments'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace('.ts', ''));

let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'synthesis-'))));
afterEach(() => {
  delete process.env['NODE_OPTIONS'];
  rmSync(folder, { recursive: true });
});

describe('a synth', () => {
  it('writes a stack for each environment, and removes what an earlier one wrote', async () => {
    const removed = join(folder, 'stacks', 'removed');
    mkdirSync(removed, { recursive: true });
    writeFileSync(join(removed, 'cdk.tf.json'), '{}');
    const stacks = await synthesise(folder);
    expect([...stacks.keys()].sort()).toEqual(environments.sort());
    for (const stack of stacks.values()) expect(existsSync(join(stack, 'cdk.tf.json'))).toBe(true);
  });

  it('that is stopped fails with the reason of the stop', async () => {
    const stop = new AbortController();
    const synth = synthesise(folder, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(synth).rejects.toThrow(new Error('stopped'));
  });

  it('that fails reports only the output of the program', async () => {
    process.env['NODE_OPTIONS'] = `--require=${join(folder, 'missing.cjs')}`;
    await expect(synthesise(folder)).rejects.toThrow(/^(?!.*Command failed).*Cannot find module '\S+missing\.cjs'/s);
  });
});

it('the sources of a configuration exist, so that each save is noticed', () => {
  expect(SOURCES.names.filter((name) => !existsSync(join(SOURCES.root, name)))).toEqual([]);
});
