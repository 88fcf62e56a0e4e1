import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalDeployment } from '../../../local';
import { call } from '../../../local/__tests__/support';
import { startDeployment } from '../../../start/deployment';
import { applyRecipes } from '../../support/recipes';
import { progressPrinter } from '../support/progress';

const ROOT = join(__dirname, '..', '..', '..');
const BIN = join(ROOT, 'node_modules', '.bin');
const MINUTE_MS = 60_000;

describe('the recipes of docs/extending.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'recipes-'));
  const project = join(folder, 'project');
  let deployment: LocalDeployment | undefined;

  afterAll(async () => {
    await deployment?.stop();
    rmSync(folder, { recursive: true });
  }, MINUTE_MS);

  it('apply to the current project', () => {
    applyRecipes(project);
  });

  it(
    'result in a project that compiles, synthesises every environment, and generates its reference documents',
    () => {
      execFileSync(join(BIN, 'tsc'), ['--incremental', 'false'], { cwd: project, stdio: 'inherit' });
      for (const program of ['main.ts', 'scripts/write-references.ts']) {
        execFileSync(join(BIN, 'tsx'), [program], { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] });
      }
    },
    3 * MINUTE_MS,
  );

  it(
    'keep the tests of the deployment green',
    () => {
      // The tests of `npm run test:deployment`, without its installation of tools.
      const ignored = ['/node_modules/', '/one-machine/', '/start/'].map((path) => `--testPathIgnorePatterns=${path}`);
      execFileSync(join(BIN, 'jest'), ['--roots=__tests__', ...ignored], {
        cwd: project,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
    },
    10 * MINUTE_MS,
  );

  it(
    'deploy a route that returns the rows of its new table',
    async () => {
      const stack = join(project, 'cdktf.out', 'stacks', 'dev');
      const progress = progressPrinter('Terraform');
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
