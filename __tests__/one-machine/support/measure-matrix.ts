import type { Measurement } from '../../../functions/auth-matrix/measure';
import type { RunningDeployment } from './running-deployment';

const MAX_ATTEMPTS = 3;

/** Measures the matrix. Repeats this up to two times if a login times out, because the machine may be busy. */
export async function repeatIfTimedOut<Measured>(
  measure: () => Promise<Measured>,
  measurementOf: (measured: Measured) => Measurement,
): Promise<Measured> {
  for (let attempt = 1; ; attempt += 1) {
    const measured = await measure();
    const hasTimedOut = measurementOf(measured).probes.some(
      ({ reason }) => reason === 'the endpoint does not answer in time',
    );
    if (!hasTimedOut || attempt === MAX_ATTEMPTS) return measured;
  }
}

/** Measures with `GET /auth-matrix`. */
export const measureMatrix = (running: RunningDeployment): Promise<Measurement> =>
  repeatIfTimedOut(
    async () => (await running.get('/auth-matrix')).json() as Measurement,
    (measurement) => measurement,
  );
