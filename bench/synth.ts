/**
 * Measures the time of `npx tsx main.ts`. One step of that command bundles the functions. The benchmark also compares two ways to
 * bundle them: one call of esbuild for all functions, and one call for each function. It measures only elapsed time: CPU time
 * would not include esbuild, whose process outlives the program.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figure, median, markdownTable } from './figures';

const ROOT = join(__dirname, '..');
const ROUNDS = 5;

const PROGRAMS = {
  synth: ['npx', 'tsx', 'main.ts'],
  ours: [process.execPath, '--import', 'tsx', 'bench/peers/bundles-at-once.ts'],
  peer: [process.execPath, '--import', 'tsx', 'bench/peers/bundles-one-by-one.ts'],
} as const;

function main(): void {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-synth-'));
  const seconds = { synth: [] as number[], ours: [] as number[], peer: [] as number[] };
  try {
    for (let round = 1; round <= ROUNDS; round += 1) {
      console.error(`Round ${round} of ${ROUNDS}`);
      for (const name of ['synth', 'ours', 'peer'] as const) seconds[name].push(measure(PROGRAMS[name], outdir));
    }
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
  const [synth, ours, peer] = [median(seconds.synth), median(seconds.ours), median(seconds.peer)];
  const title = 'time to synthesise all environments, without the cache of tsx, s';
  console.log(markdownTable(['`npx tsx main.ts`', 'measured'], [[title, figure(synth)]]));
  const zips = markdownTable(
    [
      'the zips of all functions',
      'this project',
      'a call of esbuild for each',
      'this project is better by a factor of',
    ],
    [['time, s', figure(ours), figure(peer), figure(peer / ours)]],
  );
  console.log(`\n${zips}`);
}

/** Runs a program without the cache of tsx, and returns the seconds. @throws Error with the program's error output if it fails. */
function measure([command, ...args]: readonly [string, ...string[]], outdir: string): number {
  const env = { ...process.env, TSX_DISABLE_CACHE: '1', CDKTF_OUTDIR: outdir };
  const started = performance.now();
  const { status, stderr, error } = spawnSync(command, args, { cwd: ROOT, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} failed: ${stderr || String(error)}`);
  return (performance.now() - started) / 1000;
}

main();
