import fs, { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Saves } from '../../../start/watch/saves';
import { folderForEachTest } from '../../support/temporary-folder';

const QUIET_MS = 100;

const root = folderForEachTest('saves-');
let saves: Saves;
let stop: AbortController;

const save = (name: string, content = 'changed'): void => writeFileSync(join(root(), name), content);

/** Returns the noticed files; `undefined` if none is noticed for a while. */
async function noticed(): Promise<readonly string[] | undefined> {
  return saves.next(AbortSignal.any([stop.signal, AbortSignal.timeout(10 * QUIET_MS)]));
}

beforeEach(() => {
  mkdirSync(join(root(), 'modules', 'edge'), { recursive: true });
  for (const name of ['main.ts', 'README.md', 'modules/stack.ts', 'modules/edge/offices.ts']) save(name, 'first');
  stop = new AbortController();
  saves = new Saves({ root: root(), names: ['modules', 'main.ts', 'missing'], quietMs: QUIET_MS });
});

afterEach(() => {
  saves.stop();
  jest.restoreAllMocks();
});

describe('the watch for saved files', () => {
  it.each(['main.ts', 'modules/stack.ts', 'modules/edge/offices.ts'])('notices %s', async (name) => {
    save(name);
    expect(await noticed()).toEqual([name]);
  });

  it('reports files saved in quick succession together', async () => {
    save('main.ts');
    await sleep(QUIET_MS / 2);
    save('modules/stack.ts');
    expect(await noticed()).toEqual(['main.ts', 'modules/stack.ts']);
    expect(await noticed()).toBeUndefined();
  });

  it('remembers files that are saved while no caller waits', async () => {
    save('main.ts');
    await sleep(3 * QUIET_MS);
    expect(await noticed()).toEqual(['main.ts']);
  });

  it('notices each save of an editor that writes a new file and renames it', async () => {
    for (const content of ['first', 'second']) {
      save('modules/sedAb12Cd', content);
      renameSync(join(root(), 'modules', 'sedAb12Cd'), join(root(), 'modules', 'stack.ts'));
      expect(await noticed()).toEqual(['modules/stack.ts']);
    }
  });

  it('notices a deleted file', async () => {
    rmSync(join(root(), 'modules', 'stack.ts'));
    expect(await noticed()).toEqual(['modules/stack.ts']);
  });

  it('notices files in a new or replaced folder', async () => {
    mkdirSync(join(root(), 'modules', 'api'));
    expect(await noticed()).toEqual(['modules/api']);
    save('modules/api/key.ts');
    expect(await noticed()).toEqual(['modules/api/key.ts']);

    rmSync(join(root(), 'modules'), { recursive: true });
    mkdirSync(join(root(), 'modules'));
    expect(await noticed()).toContain('modules');
    save('modules/stack.ts');
    expect(await noticed()).toEqual(['modules/stack.ts']);
  });

  it('continues if a folder is deleted while its files are listed', async () => {
    const readdir = fs.readdirSync;
    jest.spyOn(fs, 'readdirSync').mockImplementation(((path: string, ...rest: []) => {
      if (path.endsWith('edge')) rmSync(path, { recursive: true, force: true });
      return readdir(path, ...rest);
    }) as never);
    // After each save the watch lists all folders again.
    save('main.ts');
    expect(await noticed()).toContain('main.ts');
  });

  // Vim creates and deletes a file named 4913 to test whether it may write to the folder.
  it.each(['README.md', 'modules/.stack.ts.swp', 'modules/stack.ts~', 'modules/sed.tmp', 'modules/4913'])(
    'ignores files that are not watched, and temporary files of editors: %s',
    async (name) => {
      save(name);
      expect(await noticed()).toBeUndefined();
    },
  );

  it.each([
    ['ENOSPC', 'Raise the limit: sudo sysctl fs.inotify.max_user_watches=65536 fs.inotify.max_user_instances=512'],
    ['EACCES', 'Start without --watch, or make the folder readable'],
  ])('fails with an error that names the remedy if `fs.watch` fails with %s', (code, remedy) => {
    jest.spyOn(fs, 'watch').mockImplementation(() => {
      throw Object.assign(new Error(`${code}: watch`), { code });
    });
    expect(() => new Saves({ root: root(), names: [] })).toThrow(
      `--watch cannot watch ${root()}: ${code}: watch. ${remedy}`,
    );
  });

  it('ends the wait of its caller when the signal is aborted', async () => {
    const waiting = saves.next(stop.signal);
    stop.abort();
    expect(await waiting).toBeUndefined();
  });
});
