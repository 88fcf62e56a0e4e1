import { randomInt } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { exchange, type WholeResponse, type WholeRequest } from '../http/exchange';

/** The first line: the seed of moto's random numbers. */
interface Opening {
  readonly seed: number;
}

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly headers: WholeRequest['headers'];
  /** Base64. */
  readonly body: string;
  /** Seconds since the epoch. Journals of older versions lack it; their replay uses the time 0. */
  readonly answeredAt?: number;
  readonly answered: Answered;
}

/** moto's answer. Its request id comes from the seeded random numbers, so it differs as soon as a replay diverges. */
interface Answered {
  readonly status: number;
  readonly requestId: string | undefined;
}

/** The journal is unreadable, or the replay does not reproduce its answers. */
export class ReplayFailed extends Error {
  override readonly name = 'ReplayFailed';
}

/**
 * Header for `refusals/refuse.py`, with the time at which moto accepted the request, in seconds since the epoch. A request
 * with this header is a replay, so `refuse.py` does not refuse it. Otherwise a new row in `refusals/table.json` could make a replay fail.
 */
const ACCEPTED_AT = 'x-accepted-at';

/** Number of possible seeds. */
const SEEDS = 2 ** 31;

/**
 * Records every request that changes moto, in order, as lines of JSON. moto's random numbers come from one seeded generator, so
 * the same requests in the same order give the same ids, keys and passwords. A request that is missing from the journal could change all
 * later ids, so every request must go through `moto-link.ts`. The journal omits most reads: `moto_server.py` restores the generator after
 * them. After a replay, resources have new creation times.
 *
 * SECURITY: requests carry passwords, so only the owner may read the file.
 */
export class Journal {
  /**
   * Starts a journal.
   *
   * @param file is overwritten
   * @param moto socket of a moto that has received no request yet
   */
  static async open(file: string, moto: string): Promise<Journal> {
    rmSync(file, { force: true });
    const opening: Opening = { seed: randomInt(SEEDS) };
    await seedMoto(moto, opening);
    const journal = new Journal(openSync(file, 'wx', 0o600));
    journal.write(opening);
    return journal;
  }

  /** Opens a journal to append to. @param file a completely replayed journal */
  static reopen(file: string): Journal {
    return new Journal(openSync(file, 'a'));
  }

  private constructor(private readonly file: number) {}

  /** Records a request that moto has answered. */
  append({ method, path, headers, body }: WholeRequest, response: WholeResponse): void {
    const answeredAt = Date.now() / 1000;
    this.write({ method, path, headers, body: body.toString('base64'), answeredAt, answered: answeredBy(response) });
  }

  close(): void {
    closeSync(this.file);
  }

  private write(line: Opening | Entry): void {
    writeSync(this.file, `${JSON.stringify(line)}\n`);
  }
}

/**
 * Restores the state of a recorded moto by repeating its requests.
 *
 * @param moto socket of a moto that has received no request yet
 * @param signal ends the replay early
 * @returns number of requests
 * @throws ReplayFailed if the journal is unreadable or moto answers differently. This moto is then unusable.
 * @throws the signal's reason if the signal is aborted.
 */
export async function replay(file: string, moto: string, signal?: AbortSignal): Promise<number> {
  dropUnfinishedLine(file);
  let count = 0;
  for await (const line of await linesOf(file)) {
    signal?.throwIfAborted();
    const entry = entryOf(line, file);
    if ('seed' in entry) await seedMoto(moto, entry);
    else await repeat(entry, moto, (count += 1), file);
  }
  return count;
}

/**
 * Removes an incomplete last line. The process that wrote it was killed before it answered the client, so no client relies on the
 * request.
 */
function dropUnfinishedLine(file: string): void {
  if (!existsSync(file)) return;
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf('\n') + 1;
  if (end < bytes.length) truncateSync(file, end);
}

/** Returns the lines of a file. Opens the file first, because readline does not report errors of its stream. */
async function linesOf(file: string): Promise<AsyncIterable<string>> {
  try {
    return (await open(file)).readLines();
  } catch (error) {
    throw new ReplayFailed(`${file} cannot be read, so the whole deployment is applied again.`, { cause: error });
  }
}

function entryOf(line: string, file: string): Opening | Entry {
  try {
    return JSON.parse(line) as Opening | Entry;
  } catch (error) {
    throw new ReplayFailed(`${file} has a line that is not JSON, so the whole deployment is applied again.`, {
      cause: error,
    });
  }
}

async function repeat(
  { body, answered, answeredAt = 0, ...request }: Entry,
  moto: string,
  position: number,
  file: string,
): Promise<void> {
  const headers = answered.status < 400 ? { ...request.headers, [ACCEPTED_AT]: String(answeredAt) } : request.headers;
  const response = await exchange(moto, { ...request, headers, body: Buffer.from(body, 'base64') });
  const { status, requestId } = answeredBy(response);
  if (status === answered.status && requestId === answered.requestId) return;
  throw new ReplayFailed(
    `Request ${position} of ${file}, ${request.method} ${request.path}, was answered ${status} (request id ${requestId ?? 'none'}) ` +
      `instead of ${answered.status} (request id ${answered.requestId ?? 'none'}). Another version of moto wrote the journal, ` +
      'or the journal lacks a request, so the whole deployment is applied again.',
  );
}

function answeredBy({ status, headers }: WholeResponse): Answered {
  const requestId = headers['x-amzn-requestid'];
  return { status, requestId: typeof requestId === 'string' ? requestId : undefined };
}

async function seedMoto(moto: string, { seed }: Opening): Promise<void> {
  const path = `/moto-api/seed?a=${seed}`;
  const { status } = await exchange(moto, { method: 'POST', path, headers: {}, body: Buffer.alloc(0) });
  if (status !== 200)
    throw new Error(
      `The socket ${moto} answered the seed request with status ${status}, not 200. A running moto must listen on this socket.`,
    );
}
