import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyRecipes } from '../support/recipes';

const TSC = join(__dirname, '..', '..', 'node_modules', '.bin', 'tsc');

jest.setTimeout(180_000);

describe('the recipes of docs/extending.md', () => {
  const project = mkdtempSync(join(tmpdir(), 'extending-'));

  afterAll(() => rmSync(project, { recursive: true }));

  // Compiles only the changed files and their imports. one-machine/changes/recipes.test.ts compiles and deploys the whole project.
  it('apply to the current project, and the changed files compile', () => {
    const files = applyRecipes(project);
    expect(files).toContain('contract/routes/orders.ts');
    const configuration = { extends: './tsconfig.json', compilerOptions: { incremental: false }, include: [], files };
    writeFileSync(join(project, 'tsconfig.recipes.json'), JSON.stringify(configuration));
    const { stdout } = spawnSync(TSC, ['-p', 'tsconfig.recipes.json'], { cwd: project, encoding: 'utf8' });
    expect(stdout).toBe('');
  });
});
