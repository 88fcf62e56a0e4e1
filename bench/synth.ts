/**
 * Measures the elapsed time and the CPU time of `npx tsx main.ts`, and of a part of its work: the zips of the functions, bundled
 * with one call of esbuild and with one call for each function.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figure, median, markdownTable } from './figures';
import { childrensCpuMs } from './processes';

const ROOT = join(__dirname, '..');
const ROUNDS = 5;

interface Measured {
  readonly seconds: number;
  /**
   * User and system time of the program and its children, except esbuild's process. That process ends after the program, which does
   * not wait for it, so its time counts nowhere.
   */
  readonly cpuSeconds: number;
}

const PROGRAMS = {
  synth: ['npx', 'tsx', 'main.ts'],
  ours: [process.execPath, '--import', 'tsx', 'bench/peers/bundles-at-once.ts'],
  peer: [process.execPath, '--import', 'tsx', 'bench/peers/bundles-one-by-one.ts'],
} as const;

function main(): void {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-synth-'));
  const measured = { synth: [] as Measured[], ours: [] as Measured[], peer: [] as Measured[] };
  try {
    for (let round = 1; round <= ROUNDS; round += 1) {
      console.error(`Round ${round} of ${ROUNDS}`);
      for (const name of ['synth', 'ours', 'peer'] as const) measured[name].push(measure(PROGRAMS[name], outdir));
    }
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
  const medianOf = (name: keyof typeof measured, field: keyof Measured): number =>
    median(measured[name].map((run) => run[field]));
  const row = (label: string, field: keyof Measured): string[] => {
    const [here, there] = [medianOf('ours', field), medianOf('peer', field)];
    return [label, figure(here), figure(there), figure(there / here)];
  };
  const synth = [
    ['time of two environments, without the cache of tsx, s', figure(medianOf('synth', 'seconds'))],
    ['CPU time without esbuild, s', figure(medianOf('synth', 'cpuSeconds'))],
  ];
  console.log(markdownTable(['`npx tsx main.ts`', 'measured'], synth));
  const zips = markdownTable(
    ['the zips of all functions', 'here', 'a call of esbuild for each', 'here is better by a factor of'],
    [row('time, s', 'seconds'), row('CPU time without esbuild, s', 'cpuSeconds')],
  );
  console.log(`\n${zips}`);
}

/** Runs a program without the transform cache of tsx. @throws Error with its error output if it fails. */
function measure([command, ...args]: readonly [string, ...string[]], outdir: string): Measured {
  const env = { ...process.env, TSX_DISABLE_CACHE: '1', CDKTF_OUTDIR: outdir };
  const cpuMsBefore = childrensCpuMs(process.pid);
  const started = performance.now();
  const { status, stderr, error } = spawnSync(command, args, { cwd: ROOT, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} failed: ${stderr || String(error)}`);
  return {
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (childrensCpuMs(process.pid) - cpuMsBefore) / 1000,
  };
}

main();
