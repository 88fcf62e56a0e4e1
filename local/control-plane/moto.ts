import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitOf, type ServerExit } from '../processes/server-exit';
import { watchOver } from '../processes/watch-over';
import { exchange } from './exchange';
import { findMoto } from './moto-program';

const START_SECONDS = 60;

/** What the path of a Unix socket may take on every system: https://man7.org/linux/man-pages/man7/unix.7.html, less on macOS. */
const SOCKET_PATH_BYTES = 103;

/** moto's server, with what it leaves out of AWS's answers. */
const SERVER = join(__dirname, 'moto_server.py');

/** A local AWS: moto. Its state is in memory and ends with it. */
export interface Moto {
  /** Path of the Unix socket that it listens on. */
  readonly socket: string;
  /** Resolves when its process ends. */
  readonly exited: Promise<ServerExit>;
  stop(): Promise<void>;
}

/**
 * Starts moto.
 *
 * SECURITY: moto checks no signature and answers every page of a browser. It listens on a Unix socket, which a browser
 * cannot reach, in a folder that is closed to other users: the front is the only way to it.
 *
 * @param folder closed to other users
 * @throws Error that says how to install moto where it is missing, or that the folder's path is too long for a socket.
 */
export async function startMoto(folder: string): Promise<Moto> {
  const { python } = await findMoto();
  const socket = join(folder, 'moto');
  const bytes = Buffer.byteLength(socket);
  if (bytes > SOCKET_PATH_BYTES) {
    const rule = `the path of a Unix socket has at most ${SOCKET_PATH_BYTES} bytes`;
    throw new Error(`${socket} has ${bytes} bytes, and ${rule}. Use a folder with a shorter path.`);
  }
  const server = spawn(python, [SERVER, '-H', `unix://${socket}`], {
    stdio: 'ignore',
    detached: true,
    // Managed policies can be attached, certificates are proven at once, and sets have the same order every time.
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
  for (let tenths = 0; tenths < START_SECONDS * 10 && server.exitCode === null && !failure; tenths += 1) {
    if (await answers(socket)) return { socket, exited, stop };
    await sleep(100);
  }
  await stop();
  throw new Error(`moto does not start; run "${python} -m moto.server" by hand to see why`, { cause: failure });
}

async function answers(socket: string): Promise<boolean> {
  const request = { method: 'GET', path: '/moto-api/', headers: {}, body: Buffer.alloc(0) };
  return (await exchange(socket, request)).status === 200;
}
