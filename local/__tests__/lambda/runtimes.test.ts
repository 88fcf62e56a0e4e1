import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Container } from '../../lambda/container';
import type { DeployedFunction } from '../../lambda/deployment';
import { Runtimes } from '../../lambda/runtimes';
import { deploymentOf, writeZip } from '../support/functions';

jest.setTimeout(60_000);

const MEMORY_MIB = 128;

/** Code of a function that returns how its process was started. */
const SOURCE = `exports.handler = async () => ({
  environment: process.env, folder: process.cwd(), arguments: process.execArgv, startedAt: performance.timeOrigin,
  heap: require('v8').getHeapStatistics().heap_size_limit, headerSize: require('http').maxHeaderSize, pid: process.pid,
});`;

interface ProcessStart {
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly headerSize: number;
  readonly pid: number;
}

let folder: string;
let runtimes: Runtimes;
const containers: Container[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runtimes-'));
  runtimes = new Runtimes();
});

afterEach(async () => {
  await Promise.all([runtimes, ...containers.splice(0)].map((part) => part.stop()));
  rmSync(folder, { recursive: true });
});

/** Calls a function in a new container. */
async function call(change: Partial<DeployedFunction> = {}, source = SOURCE): Promise<any> {
  const deployment = deploymentOf(folder, source, { memoryMib: MEMORY_MIB, ...change });
  const container = await Container.start(deployment, join(folder, `c${containers.length}`), undefined, runtimes);
  containers.push(container);
  return JSON.parse((await container.invoke({})).payload);
}

/** Calls functions in new containers until one gets a waiting runtime: a process that started before the call. */
async function callWaiting(change: Partial<DeployedFunction> = {}, source = SOURCE): Promise<any> {
  for (;;) {
    const calledAt = Date.now();
    const start = await call(change, source);
    if (start.startedAt < calledAt) return start;
    await sleep(100);
  }
}

describe('a waiting runtime', () => {
  it('runs its function in the same environment as a new runtime does', async () => {
    const change = { environment: { OWN: '/opt/own' }, arn: 'arn:aws:lambda:eu-west-1:123456789012:function:function' };
    const ofNewRuntime: ProcessStart = await call(change);
    runtimes.prepare(MEMORY_MIB);
    const ofWaitingRuntime: ProcessStart = await callWaiting(change);
    /** Sets the values that differ between processes to fixed ones. */
    const comparable = ({ environment, folder: task, ...rest }: ProcessStart): object => ({
      ...rest,
      ...JSON.parse(JSON.stringify(environment).replaceAll(task.replace(/task$/, ''), '/')),
      AWS_LAMBDA_LOG_STREAM_NAME: '',
      startedAt: 0,
      pid: 0,
    });
    expect(comparable(ofWaitingRuntime)).toEqual(comparable(ofNewRuntime));
    expect(ofWaitingRuntime.folder).not.toBe(ofNewRuntime.folder);
  });

  it('serves only one container, and another runtime takes its place', async () => {
    runtimes.prepare(MEMORY_MIB);
    const first = await callWaiting();
    expect((await callWaiting()).pid).not.toBe(first.pid);
  });

  it('does not serve a function that sets a variable which Node.js reads at its start', async () => {
    const waiting = prepareProcess(MEMORY_MIB);
    const { pid, headerSize }: ProcessStart = await call({
      environment: { NODE_OPTIONS: '--max-http-header-size=12345' },
    });
    expect(pid).not.toBe(waiting);
    expect(headerSize).toBe(12_345);
  });

  it('does not serve a function with another memory size', async () => {
    const waiting = prepareProcess(2 * MEMORY_MIB);
    expect((await call()).pid).not.toBe(waiting);
  });

  it('finds the packages of its function’s layers', async () => {
    const layer = writeZip(folder, { 'nodejs/node_modules/own/index.js': 'module.exports = "of the layer"' }).path;
    runtimes.prepare(MEMORY_MIB);
    const source =
      'const own = require("own"); exports.handler = async () => ({ own, startedAt: performance.timeOrigin });';
    expect((await callWaiting({ layers: [layer] }, source)).own).toBe('of the layer');
  });

  it('serves no function after its process has ended', async () => {
    const waiting = prepareProcess(MEMORY_MIB);
    process.kill(waiting, 'SIGKILL');
    while (runtimeProcesses().includes(waiting)) await sleep(10);
    expect((await call()).pid).not.toBe(waiting);
  });

  it('ends when `Runtimes` and the containers are stopped; a runtime in use ends, too', async () => {
    await call();
    runtimes.prepare(MEMORY_MIB);
    expect(runtimeProcesses()).toHaveLength(2);
    await Promise.all([runtimes, ...containers].map((part) => part.stop()));
    expect(runtimeProcesses()).toEqual([]);
  });
});

/** Prepares a runtime. @returns the id of its process */
function prepareProcess(memoryMib: number): number {
  runtimes.prepare(memoryMib);
  const [waiting] = runtimeProcesses();
  if (waiting === undefined) throw new Error('No runtime process waits.');
  return waiting;
}

/** Ids of all runtime processes, waiting or in use. */
function runtimeProcesses(): number[] {
  const { stdout } = spawnSync('ps', ['--ppid', String(process.pid), '-o', 'pid=,args='], { encoding: 'utf8' });
  return [...stdout.matchAll(/^ *(\d+) .*runtime\.mjs/gm)].map(([, pid]) => Number(pid));
}
