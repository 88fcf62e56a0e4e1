import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../processes/free-port';
import { watchOver } from '../processes/watch-over';
import { findMoto } from './moto-program';

const START_SECONDS = 60;

/**
 * moto names the secret of a master user by Python's own randomness; here all of it comes from the source with a seed.
 * And it looks through its folders at each request, which takes a tenth of the time of a later start; once is enough.
 */
const SEEDED_SERVER = `
import uuid
from moto.moto_api._internal import mock_random
uuid.uuid4 = mock_random.uuid4
from moto import backends
from moto.server import main
modules = list(backends.list_of_moto_modules())
backends.list_of_moto_modules = lambda: modules
main()
`;

/** A local AWS: moto, on a free loopback port. Its state is in memory and ends with it. */
export interface Moto {
  readonly url: string;
  stop(): Promise<void>;
}

/** @throws Error that tells how to install moto where it is missing. */
export async function startMoto(): Promise<Moto> {
  const { python } = await findMoto();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(python, ['-c', SEEDED_SERVER, '-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    detached: true,
    // Managed policies can be attached, certificates are proven at once, and sets have the same order every time.
    env: {
      ...process.env,
      MOTO_IAM_LOAD_MANAGED_POLICIES: 'true',
      MOTO_ACM_VALIDATION_WAIT: '1',
      PYTHONHASHSEED: '0',
    },
  });
  let failure: Error | undefined;
  server.on('error', (error) => (failure = error));
  watchOver(server);
  const stop = async (): Promise<void> => {
    if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill();
    await ended;
  };
  for (let tenths = 0; tenths < START_SECONDS * 10 && server.exitCode === null && !failure; tenths += 1) {
    if (await answers(url)) return { url, stop };
    await sleep(100);
  }
  await stop();
  throw new Error(`moto does not start; run "${python} -m moto.server" by hand to see why`, { cause: failure });
}

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/moto-api/`).then(
    ({ ok }) => ok,
    () => false,
  );
