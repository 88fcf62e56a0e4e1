import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API_HOST, StandIn } from '../support/deployment-stand-in';

jest.setTimeout(120_000);

const ROOT = join(__dirname, '..', '..');

let folder: string;
let standIn: StandIn;
/** An AWS that answers every request with AccessDenied. */
let aws: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'verify-'));
  standIn = await StandIn.start();
  aws = createServer((_request, response) => {
    response.writeHead(403, { 'x-amzn-errortype': 'AccessDeniedException', 'content-type': 'application/json' });
    response.end('{"__type":"AccessDeniedException","message":"User: arn:aws:iam::123456789012:user/me may not"}');
  });
  await once(aws.listen(0, '127.0.0.1'), 'listening');
  const { outputs, reach } = standIn.deployment();
  const controlPlane = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
  mkdirSync(join(folder, 'test'));
  writeFileSync(join(folder, 'test', 'endpoints.json'), JSON.stringify({ outputs, ...reach, controlPlane }));
});

afterAll(() => {
  standIn.stop();
  aws.close();
  rmSync(folder, { recursive: true });
});

interface Exit {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command of `npm run verify` with these arguments. */
function verify(...args: string[]): Promise<Exit> {
  return new Promise((resolve) => {
    execFile('node', ['--import', 'tsx', 'verify/main.ts', ...args], { cwd: ROOT }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}

describe('npm run verify', () => {
  it('shows which permission is missing, and exits with 1 unless --partial is given', async () => {
    const args = ['test', '--folder', folder];
    const [{ code, stdout }, partial] = await Promise.all([verify(...args), verify(...args, '--partial')]);
    expect(stdout).toMatch(/^ {2}✔ GET \/items +200 application\/json; charset=utf-8$/m);
    expect(stdout).toMatch(
      /^ {2}\? environment of login-matrix-test-items +not checked: these credentials lack lambda:GetFunctionConfiguration \(expected: nothing that looks like a secret\)$/m,
    );
    // Seven requests to AWS: alarms in two regions, subscriptions of two topics, a proxy, a function and the distribution.
    expect(stdout).toMatch(/ as expected, 0 different, 7 not checked\n$/);
    expect([code, partial.code]).toEqual([1, 0]);
  });

  it('exits with 1 if something differs, also with --partial', async () => {
    standIn.setFault((reply, { host, method }) => {
      if (host === API_HOST && method === 'DELETE') reply.status = 200;
    });
    const { code, stdout } = await verify('test', '--folder', folder, '--partial');
    standIn.setFault(() => undefined);
    expect(stdout).toMatch(/^ {2}✘ DELETE \/items +expected: 403\n +seen: 200$/m);
    expect(code).toBe(1);
  });

  it.each([
    [[], /^Name one environment, got 0\.\n\nnpm run verify -- ENVIRONMENT/],
    [['dev', 'prod'], /^Name one environment, got 2\./],
    [
      ['dev', '--folder', '/nowhere'],
      /^\/nowhere\/dev\/endpoints\.json does not contain the addresses of a deployment/,
    ],
    [['dev', '--outputs', 'package.json'], /^package\.json does not contain the outputs of a stack\./],
    [['dev', '--fast'], /Unknown option '--fast'/],
  ])('exits with 2 and says what is wrong with the arguments %j', async (args, message) => {
    const { code, stderr } = await verify(...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  it('prints its usage and exits with 0 if --help is given', async () => {
    const { code, stdout } = await verify('--help');
    expect(stdout).toMatch(/^npm run verify -- ENVIRONMENT \[OPTIONS\]\n/);
    expect(code).toBe(0);
  });
});
