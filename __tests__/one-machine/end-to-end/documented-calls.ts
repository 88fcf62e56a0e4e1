import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { readDocument } from '../../support/documents';
import type { RunningDeployment } from '../support/running-deployment';

/** A curl command in `docs/api.md`, and the answer below the command. */
const EXAMPLE = /```sh\n(curl [^\n]+)\n```\n\n```json\n(.+?)```/gs;

/** Replaces each value except null by its type, because the values differ between calls. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return value === null ? null : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]));
}

/** Runs the examples of `docs/api.md` in a shell, and compares fields, types and lengths of lists with the documented answers. */
export function testDocumentedCalls(running: RunningDeployment): void {
  const examples = [...readDocument('api.md').matchAll(EXAMPLE)].map(
    ([, command = '', json = '']) => [command, json] as const,
  );

  describe('docs/api.md', () => {
    it('has several examples', () => expect(examples.length).toBeGreaterThan(3));

    it.each(examples)('shows the fields that the command returns: %s', async (command, json) => {
      const { aws } = running.deployment;
      const { httpsPort } = running.served.edge;
      const ca = join(running.folder, 'documented-calls.pem');
      writeFileSync(ca, aws.authorities.amazon.pem);
      const env = { ...process.env, API_URL: `https://localhost:${httpsPort}`, CURL_CA_BUNDLE: ca };
      const { stdout } = await promisify(execFile)('bash', ['-c', command], { env });
      expect(shapeOf(JSON.parse(stdout))).toEqual(shapeOf(JSON.parse(json)));
    });
  });
}
