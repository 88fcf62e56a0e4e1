import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { LocalDeployment } from '../../../local';
import { call } from '../../../local/__tests__/support';
import { startDeployment } from '../../../start/deployment';
import { progressOf } from '../support/progress';

const ROOT = join(__dirname, '..', '..', '..');
const BIN = join(ROOT, 'node_modules', '.bin');
const MINUTE_MS = 60_000;

/** Generated files and folders. */
const NOT_COPIED = new Set(['.build', '.git', '.local', '.tools', 'cdktf.out', 'node_modules']);

/** A block of docs/extending.md: a new file, or a change of a file. The first line names the file. */
interface Block {
  readonly file: string;
  readonly isDiff: boolean;
  readonly lines: readonly string[];
}

function blocks(): readonly Block[] {
  const text = readFileSync(join(ROOT, 'docs/extending.md'), 'utf8');
  const found = [...text.matchAll(/^( *)```(ts|diff)\n([^]*?)^ *```$/gm)];
  return found.map(([, indent = '', language, body = '']) => {
    const [first = '', ...lines] = body
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(indent.length));
    return { file: first.replace('// ', ''), isDiff: language === 'diff', lines };
  });
}

/** Adds the lines with a plus. The lines without one must be consecutive in the file. */
function added(source: string, lines: readonly string[]): string {
  const textOf = (kept: readonly string[]): string => kept.map((line) => `${line.slice(1)}\n`).join('');
  const before = textOf(lines.filter((line) => !line.startsWith('+')));
  expect(source).toContain(before);
  return source.replace(before, () => textOf(lines));
}

describe('the recipes of docs/extending.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'recipes-'));
  const project = join(folder, 'project');
  let deployment: LocalDeployment | undefined;

  afterAll(async () => {
    await deployment?.stop();
    rmSync(folder, { recursive: true });
  }, MINUTE_MS);

  it('apply to the current project', () => {
    const sources = readdirSync(ROOT).filter((name) => !NOT_COPIED.has(name));
    for (const name of sources) cpSync(join(ROOT, name), join(project, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'));
    for (const { file, isDiff, lines } of blocks()) {
      const path = join(project, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, isDiff ? added(readFileSync(path, 'utf8'), lines) : `${lines.join('\n')}\n`);
    }
  });

  it(
    'compile, synthesise every environment, and write the references',
    () => {
      execFileSync(join(BIN, 'tsc'), ['--incremental', 'false'], { cwd: project, stdio: 'inherit' });
      for (const program of ['main.ts', 'scripts/write-references.ts']) {
        execFileSync(join(BIN, 'tsx'), [program], { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] });
      }
    },
    3 * MINUTE_MS,
  );

  it(
    'deploy a route that returns the rows of its new table',
    async () => {
      const stack = join(project, 'cdktf.out', 'stacks', 'dev');
      const progress = progressOf('Terraform');
      deployment = await startDeployment({ stack, folder: join(folder, 'kept'), progress });
      await deployment.apply();
      const served = await deployment.serve();
      const [{ domain_name: host } = { domain_name: '' }] = deployment.applied.all<{ domain_name: string }>(
        'aws_cloudfront_distribution',
      );
      const { pem: ca } = deployment.aws.authorities.amazon;
      const { status, text } = await call({ port: served?.edge.httpsPort ?? 0, host, path: '/orders', ca });
      expect([status, JSON.parse(text)]).toEqual([200, { orders: [{ id: 1, article: 'pencil' }], next: null }]);
    },
    15 * MINUTE_MS,
  );
});
