import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitOf, hasEnded, type ServerExit } from '../processes/server-exit';
import { checkSocketPath } from '../processes/socket-path';
import { watchOver } from '../processes/watch-over';
import { exchange } from '../http/exchange';
import { findMoto } from './moto-program';

const START_SECONDS = 60;

/** Program that starts moto's server, patched to answer as AWS does. */
const SERVER = join(__dirname, 'moto_server.py');

/** A running moto, which simulates AWS. Its state is in memory and is lost when moto ends. */
export interface Moto {
  /** Path of its Unix socket. */
  readonly socket: string;
  /** Resolves when its process ends. */
  readonly exited: Promise<ServerExit>;
  stop(): Promise<void>;
}

/**
 * Starts moto.
 *
 * SECURITY: moto checks no signature and would answer any web page in a browser. It therefore listens on a Unix socket, which
 * a browser cannot reach, in a folder closed to other users. Clients reach moto only through the server of `aws-api/`.
 *
 * @param folder must be closed to other users
 * @throws Error if moto is missing (the message says how to install it), if the folder's path is too long for a socket, or if moto
 *   does not start.
 */
export async function startMoto(folder: string): Promise<Moto> {
  const { python } = await findMoto();
  const socket = join(folder, 'moto');
  checkSocketPath(socket);
  const server = spawn(python, [SERVER, '-H', `unix://${socket}`], {
    stdio: 'ignore',
    detached: true,
    // moto loads managed policies, validates certificates after 1 s, and sends no CORS headers. The fixed hash seed gives Python's
    // sets the same order after each start, as the replay of a journal requires.
    env: {
      ...process.env,
      MOTO_IAM_LOAD_MANAGED_POLICIES: 'true',
      MOTO_ACM_VALIDATION_WAIT: '1',
      MOTO_DISABLE_GLOBAL_CORS: 'true',
      PYTHONHASHSEED: '0',
    },
  });
  let failure: Error | undefined;
  server.on('error', (error) => (failure = error));
  watchOver(server);
  let isStopped = false;
  const exited = exitOf(server, () => isStopped);
  const stop = async (): Promise<void> => {
    isStopped = true;
    if (server.pid === undefined) return;
    server.kill();
    await exited;
  };
  for (let tenths = 0; tenths < START_SECONDS * 10 && !hasEnded(server) && !failure; tenths += 1) {
    if (await answers(socket)) return { socket, exited, stop };
    await sleep(100);
  }
  await stop();
  throw new Error(`moto does not start; run "${python}" "${SERVER}" -p 0 by hand to see why`, { cause: failure });
}

async function answers(socket: string): Promise<boolean> {
  const request = { method: 'GET', path: '/moto-api/', headers: {}, body: Buffer.alloc(0) };
  return (await exchange(socket, request)).status === 200;
}
