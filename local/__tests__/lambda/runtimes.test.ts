import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { zipSync } from 'fflate';
import { Container } from '../../lambda/container';
import type { DeployedFunction } from '../../lambda/deployment';
import { Runtimes } from '../../lambda/runtimes';
import { deploymentOf } from '../support/functions';

jest.setTimeout(60_000);

const MEMORY_MIB = 128;

/** Answers with everything that a function can see of its process's start. */
const SOURCE = `exports.handler = async () => ({
  environment: process.env, folder: process.cwd(), arguments: process.execArgv, begun: performance.timeOrigin,
  heap: require('v8').getHeapStatistics().heap_size_limit, headerSize: require('http').maxHeaderSize, pid: process.pid,
});`;

interface Seen {
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Start time of the process. */
  readonly begun: number;
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
async function call(change: Partial<DeployedFunction> = {}, from = runtimes, source = SOURCE): Promise<any> {
  const deployment = deploymentOf(folder, source, { memoryMib: MEMORY_MIB, ...change });
  const container = await Container.start(deployment, join(folder, `c${containers.length}`), undefined, from);
  containers.push(container);
  return JSON.parse((await container.invoke({})).payload);
}

/** Calls functions in new containers until one gets a waiting runtime. */
async function callPrepared(change: Partial<DeployedFunction> = {}): Promise<Seen> {
  for (;;) {
    const asked = Date.now();
    const seen: Seen = await call(change);
    if (seen.begun < asked) return seen;
    await sleep(100);
  }
}

describe('a waiting runtime', () => {
  it('serves a function, which sees the same as in a new runtime', async () => {
    const change = { environment: { OWN: '/opt/own' }, arn: 'arn:aws:lambda:eu-west-1:123456789012:function:function' };
    const own: Seen = await call(change);
    runtimes.prepare(MEMORY_MIB);
    const prepared = await callPrepared(change);
    const comparable = ({ environment, folder: task, ...seen }: Seen): object => ({
      ...seen,
      ...JSON.parse(JSON.stringify(environment).replaceAll(task.replace(/task$/, ''), '/')),
      AWS_LAMBDA_LOG_STREAM_NAME: '',
      begun: 0,
      pid: 0,
    });
    expect(comparable(prepared)).toEqual(comparable(own));
    expect(prepared.folder).not.toBe(own.folder);
  });

  it('serves one function, and another runtime replaces it', async () => {
    runtimes.prepare(MEMORY_MIB);
    const first = await callPrepared();
    expect((await callPrepared()).pid).not.toBe(first.pid);
  });

  it('does not serve a function that sets a variable which Node.js reads at its start', async () => {
    runtimes.prepare(MEMORY_MIB);
    const asked = Date.now();
    const { begun, headerSize }: Seen = await call({ environment: { NODE_OPTIONS: '--max-http-header-size=12345' } });
    expect(begun).toBeGreaterThanOrEqual(asked);
    expect(headerSize).toBe(12_345);
  });

  it('does not serve a function with another memory size', async () => {
    runtimes.prepare(2 * MEMORY_MIB);
    const asked = Date.now();
    expect((await call()).begun).toBeGreaterThanOrEqual(asked);
  });

  it('finds the packages of a layer', async () => {
    const layer = join(folder, 'layer.zip');
    writeFileSync(
      layer,
      zipSync({ 'nodejs/node_modules/own/index.js': Buffer.from('module.exports = "of the layer"') }),
    );
    runtimes.prepare(MEMORY_MIB);
    const source = 'const own = require("own"); exports.handler = async () => own;';
    expect(await call({ layers: [layer] }, runtimes, source)).toBe('of the layer');
  });

  it('does not serve a function after its own end, and ends with the others', async () => {
    runtimes.prepare(MEMORY_MIB);
    const [waiting = 0] = running();
    process.kill(waiting, 'SIGKILL');
    while (running().includes(waiting)) await sleep(10);
    expect((await call()).pid).not.toBe(waiting);
    runtimes.prepare(MEMORY_MIB);
    await Promise.all([runtimes, ...containers].map((part) => part.stop()));
    expect(running()).toEqual([]);
  });
});

/** Ids of all runtime processes, waiting or in use. */
function running(): number[] {
  const { stdout } = spawnSync('ps', ['--ppid', String(process.pid), '-o', 'pid=,args='], { encoding: 'utf8' });
  return [...stdout.matchAll(/^ *(\d+) .*runtime\.mjs/gm)].map(([, pid]) => Number(pid));
}
