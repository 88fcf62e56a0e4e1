import { ContainerPool, type Pooled } from '../../lambda/container-pool';
import type { Invocation } from '../../lambda/invocation';

const IDLE_MS = 60_000;

/** A container that answers when the test calls `answer`. */
class Fake implements Pooled {
  isAlive = true;
  stops = 0;
  answer: (invocation: Invocation) => void = () => undefined;

  constructor(readonly name: string) {}

  get stopped(): boolean {
    return this.stops > 0;
  }

  invoke(): Promise<Invocation> {
    return new Promise((resolve) => (this.answer = () => resolve({ payload: this.name, log: '' })));
  }

  stop(): Promise<void> {
    this.stops += 1;
    return Promise.resolve();
  }
}

let started: Fake[];
let pool: ContainerPool;

beforeEach(() => {
  jest.useFakeTimers();
  started = [];
  pool = new ContainerPool(() => {
    const fake = new Fake(`container ${started.length + 1}`);
    started.push(fake);
    return Promise.resolve(fake);
  }, IDLE_MS);
});

afterEach(() => jest.useRealTimers());

/** Sends an event and waits until a container has it. */
async function send(): Promise<{ answer: Promise<Invocation> }> {
  const response = pool.invoke({});
  await jest.advanceTimersByTimeAsync(0);
  return { answer: response };
}

const answerAll = async (...fakes: Fake[]): Promise<void> => {
  for (const fake of fakes) {
    fake.answer({ payload: '', log: '' });
    await jest.advanceTimersByTimeAsync(0);
  }
};

const [first, second, third] = [0, 1, 2].map((index) => () => started[index] as Fake) as [
  () => Fake,
  () => Fake,
  () => Fake,
];

describe('a pool', () => {
  it('starts a container if all others are busy', async () => {
    await send();
    await send();
    expect(started).toHaveLength(2);
  });

  it('reuses the container used last', async () => {
    await send();
    await send();
    await answerAll(second(), first());
    const { answer: response } = await send();
    await answerAll(first());
    expect((await response).payload).toBe('container 1');
    expect(started).toHaveLength(2);
  });

  it('replaces a container that ended, with its answer or later', async () => {
    await send();
    first().isAlive = false;
    await answerAll(first());
    expect(first().stopped).toBe(true);

    await send();
    await answerAll(second());
    second().isAlive = false;
    await send();
    expect(second().stopped).toBe(true);
    expect(third().isAlive).toBe(true);
  });

  it('ends a container after its idle time, and no other', async () => {
    await send();
    await send();
    await answerAll(first(), second());
    await jest.advanceTimersByTimeAsync(IDLE_MS - 1);
    await send();
    await jest.advanceTimersByTimeAsync(1);
    expect([first().stopped, second().stopped]).toEqual([true, false]);
  });

  it('ends idle containers at once, and a busy one after its answer', async () => {
    await send();
    const { answer: response } = await send();
    await answerAll(first());
    const stopping = pool.stop();
    await jest.advanceTimersByTimeAsync(0);
    expect([first().stopped, second().stopped]).toEqual([true, false]);
    await answerAll(second());
    await stopping;
    expect((await response).payload).toBe('container 2');
    expect(second().stopped).toBe(true);
  });

  it('ends an idle container only once, even after its idle time', async () => {
    await send();
    await answerAll(first());
    await pool.stop();
    await jest.advanceTimersByTimeAsync(IDLE_MS);
    expect(first().stops).toBe(1);
  });
});
