/** The callers, in a process of their own: `Callers` starts it, sends jobs, and is sent what came of each. */
import { Client, type ClientOptions } from './client';

/** What several callers do at once, each over a connection of its own. */
export interface Job extends ClientOptions {
  readonly path: string;
  readonly callers: number;
  /** Each caller makes so many calls … */
  readonly calls?: number;
  /** … or calls for so long, milliseconds. */
  readonly ms?: number;
}

export interface Load {
  /** How long each call took, ms. */
  readonly times: readonly number[];
  /** From the first call to the last answer. */
  readonly seconds: number;
}

async function run({ path, callers, calls = Infinity, ms = Infinity, ...options }: Job): Promise<Load> {
  const clients = Array.from({ length: callers }, () => new Client(options));
  try {
    await Promise.all(clients.map((client) => client.connect()));
    const times: number[] = [];
    const started = performance.now();
    const call = async (client: Client): Promise<void> => {
      for (let n = 0; n < calls && performance.now() - started < ms; n += 1) times.push(await client.call(path));
    };
    await Promise.all(clients.map(call));
    return { times, seconds: (performance.now() - started) / 1000 };
  } finally {
    for (const client of clients) client.close();
  }
}

process.on('message', (job: Job) => {
  run(job).then(
    (load) => process.send?.(load),
    (error: unknown) => process.send?.(String(error)),
  );
});
process.on('disconnect', () => process.exit());
