import { ContainerPool, type Pooled } from '../../lambda/container-pool';
import type { Invocation } from '../../lambda/invocation';

const IDLE_MS = 60_000;

/** A container that answers when the test calls `answer`. */
class FakeContainer implements Pooled {
  isAlive = true;
  stops = 0;
  answer: () => void = () => undefined;

  constructor(readonly name: string) {}

  invoke(): Promise<Invocation> {
    return new Promise((resolve) => (this.answer = () => resolve({ payload: this.name, log: '' })));
  }

  stop(): Promise<void> {
    this.stops += 1;
    return Promise.resolve();
  }
}

let started: FakeContainer[];
let pool: ContainerPool;

beforeEach(() => {
  jest.useFakeTimers();
  started = [];
  pool = new ContainerPool(() => {
    const container = new FakeContainer(`container ${started.length + 1}`);
    started.push(container);
    return Promise.resolve(container);
  }, IDLE_MS);
});

afterEach(() => jest.useRealTimers());

/** Returns the nth started container. */
const nth = (number: number): FakeContainer => started[number - 1] as FakeContainer;

/** Sends an event and waits until a container has it. The response is in an object, so that `await` does not wait for it. */
async function send(): Promise<{ response: Promise<Invocation> }> {
  const response = pool.invoke({});
  await jest.advanceTimersByTimeAsync(0);
  return { response };
}

async function answer(...numbers: number[]): Promise<void> {
  for (const number of numbers) {
    nth(number).answer();
    await jest.advanceTimersByTimeAsync(0);
  }
}

/** How many times each container was stopped. */
const stops = (): number[] => started.map((container) => container.stops);

describe('a pool of containers', () => {
  it('starts a container if all others are busy', async () => {
    await send();
    await send();
    expect(started).toHaveLength(2);
  });

  it('reuses the container that answered last', async () => {
    await send();
    await send();
    await answer(2, 1);
    const { response } = await send();
    await answer(1);
    expect((await response).payload).toBe('container 1');
    expect(started).toHaveLength(2);
  });

  it('replaces a container whose process ended, during an event or while idle', async () => {
    await send();
    nth(1).isAlive = false;
    await answer(1);
    expect(stops()).toEqual([1]);

    await send();
    await answer(2);
    nth(2).isAlive = false;
    await send();
    expect(stops()).toEqual([1, 1, 0]);
  });

  it('stops a container after its idle time, and no other', async () => {
    await send();
    await send();
    await answer(1, 2);
    await jest.advanceTimersByTimeAsync(IDLE_MS - 1);
    await send();
    await jest.advanceTimersByTimeAsync(1);
    expect(stops()).toEqual([1, 0]);
  });

  it('ends idle containers at once when it stops, and a busy one after its answer', async () => {
    await send();
    const { response } = await send();
    await answer(1);
    const stopping = pool.stop();
    await jest.advanceTimersByTimeAsync(0);
    expect(stops()).toEqual([1, 0]);
    await answer(2);
    await stopping;
    expect((await response).payload).toBe('container 2');
    expect(stops()).toEqual([1, 1]);
  });

  it('does not stop a container again when its idle time ends after the stop of the pool', async () => {
    await send();
    await answer(1);
    await pool.stop();
    await jest.advanceTimersByTimeAsync(IDLE_MS);
    expect(stops()).toEqual([1]);
  });
});
