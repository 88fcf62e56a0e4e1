import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyRecipes } from '../support/recipes';
import { folderForEachTest } from '../support/temporary-folder';

const TSC = join(__dirname, '..', '..', 'node_modules', '.bin', 'tsc');

const project = folderForEachTest('extending-');

// Compiles only the changed files and their imports. one-machine/changes/recipes.test.ts compiles and deploys the whole project.
it('the recipes of docs/extending.md apply to the current project, and the changed files compile', () => {
  // Omits environments/dev.ts: if a team has set the same settings there, the recipe adds them a second time.
  const files = applyRecipes(project()).filter((file) => !file.startsWith('environments/dev'));
  expect(files).toContain('contract/routes/orders.ts');
  const configuration = { extends: './tsconfig.json', compilerOptions: { incremental: false }, include: [], files };
  writeFileSync(join(project(), 'tsconfig.recipes.json'), JSON.stringify(configuration));
  const { stdout } = spawnSync(TSC, ['-p', 'tsconfig.recipes.json'], { cwd: project(), encoding: 'utf8' });
  expect(stdout).toBe('');
}, 180_000);
