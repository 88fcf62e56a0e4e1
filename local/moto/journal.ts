import { randomInt } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { exchange, type WholeAnswer, type WholeRequest } from '../http/exchange';

/** The first line: what moto's randomness started from. */
interface Opening {
  readonly seed: number;
}

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly headers: WholeRequest['headers'];
  /** Base64. */
  readonly body: string;
  readonly answered: Answered;
}

/** How moto answered. The id is drawn anew for each answer, so it is another one as soon as moto is out of step. */
interface Answered {
  readonly status: number;
  readonly requestId: string | undefined;
}

/** The control plane is not what it was when the journal was written. */
export class ReplayFailed extends Error {
  override readonly name = 'ReplayFailed';
}

/** moto takes a seed of at most 32 bits. */
const SEEDS = 2 ** 31;

/**
 * Every request that changed a moto, in order, one JSON a line. All that moto makes up, it draws from one seeded source:
 * the same requests in the same order give the same ids, keys and passwords. A request that only reads puts the source
 * back to where it was (`moto_server.py`) and is not kept. So nobody may ask moto past the journal while it is kept. Times
 * of creation are those of the replay.
 *
 * SECURITY: requests carry passwords, so only the owner may read the file.
 */
export class Journal {
  /**
   * Starts a journal.
   *
   * @param file is written anew
   * @param moto socket of a moto that was asked nothing yet
   */
  static async open(file: string, moto: string): Promise<Journal> {
    rmSync(file, { force: true });
    const opening: Opening = { seed: randomInt(SEEDS) };
    await sow(moto, opening);
    const journal = new Journal(openSync(file, 'wx', 0o600));
    journal.write(opening);
    return journal;
  }

  /** Opens a journal to append to. @param file was replayed to its end */
  static reopen(file: string): Journal {
    return new Journal(openSync(file, 'a'));
  }

  private constructor(private readonly file: number) {}

  /** Keeps a request that was answered. */
  append({ method, path, headers, body }: WholeRequest, answer: WholeAnswer): void {
    this.write({ method, path, headers, body: body.toString('base64'), answered: answeredBy(answer) });
  }

  close(): void {
    closeSync(this.file);
  }

  private write(line: Opening | Entry): void {
    writeSync(this.file, `${JSON.stringify(line)}\n`);
  }
}

/**
 * Brings a moto to where the one of a journal was.
 *
 * @param moto socket of a moto that was asked nothing yet
 * @param signal ends it early
 * @returns how many requests it took
 * @throws ReplayFailed where the journal cannot be read, or moto answers otherwise than then; it is of no use after that.
 *   The signal's reason.
 */
export async function replay(file: string, moto: string, signal?: AbortSignal): Promise<number> {
  dropUnfinishedLine(file);
  let count = 0;
  for await (const line of await linesOf(file)) {
    signal?.throwIfAborted();
    const entry = entryOf(line, file);
    if ('seed' in entry) await sow(moto, entry);
    else await repeat(entry, moto, (count += 1), file);
  }
  return count;
}

/** A process that is killed while it writes leaves an incomplete line. Its answer was never sent. */
function dropUnfinishedLine(file: string): void {
  if (!existsSync(file)) return;
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf('\n') + 1;
  if (end < bytes.length) truncateSync(file, end);
}

/** readline passes no errors of its stream on, so the file is opened before. */
async function linesOf(file: string): Promise<AsyncIterable<string>> {
  try {
    return (await open(file)).readLines();
  } catch (error) {
    throw new ReplayFailed(`${file} cannot be read, so everything is applied anew.`, { cause: error });
  }
}

function entryOf(line: string, file: string): Opening | Entry {
  try {
    return JSON.parse(line) as Opening | Entry;
  } catch (error) {
    throw new ReplayFailed(`${file} has a line that is no JSON, so everything is applied anew.`, { cause: error });
  }
}

async function repeat(
  { body, answered, ...request }: Entry,
  moto: string,
  number: number,
  file: string,
): Promise<void> {
  const answer = await exchange(moto, { ...request, body: Buffer.from(body, 'base64') });
  const { status, requestId } = answeredBy(answer);
  if (status === answered.status && requestId === answered.requestId) return;
  throw new ReplayFailed(
    `Request ${number} of ${file}, ${request.method} ${request.path}, is answered ${status} with the id ${requestId ?? ''}, ` +
      `and was answered ${answered.status} with ${answered.requestId ?? ''}. It was written with another version of moto, ` +
      'or while others asked moto, too, so everything is applied anew.',
  );
}

function answeredBy({ status, headers }: WholeAnswer): Answered {
  const requestId = headers['x-amzn-requestid'];
  return { status, requestId: typeof requestId === 'string' ? requestId : undefined };
}

async function sow(moto: string, { seed }: Opening): Promise<void> {
  const path = `/moto-api/seed?a=${seed}`;
  const { status } = await exchange(moto, { method: 'POST', path, headers: {}, body: Buffer.alloc(0) });
  if (status !== 200) throw new Error(`${moto} takes no seed, it answers ${status}. It must be moto, and running.`);
}
