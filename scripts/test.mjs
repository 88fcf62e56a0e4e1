/**
 * `npm test`: installs missing packages and tools, checks the sources and runs the tests. It must start on a machine with only
 * Node.js, so this file imports no packages.
 *
 * Arguments after `npm test --` go to Jest. A part of a path selects tests: `npm test -- modules/edge`. With arguments, the sources are
 * not checked.
 */
import './node-version.cjs';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const RESULTS = join(ROOT, '.build', 'test-results.json');
const ENVIRONMENT = {
  ...process.env,
  PATH: `${join(ROOT, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`,
  // Hides the warning that future versions of the AWS SDK require a newer Node.js. The lock file pins a version that supports the
  // current Node.js.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/** Runs a command with visible output. Exits if it fails. */
function run(title, command, ...words) {
  const started = Date.now();
  console.log(`\n▶ ${title}`);
  const { status, signal } = spawnSync(command, words, { cwd: ROOT, stdio: 'inherit', env: ENVIRONMENT });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  if (status === 0) return console.log(`✔ ${title}, ${seconds} s`);
  console.error(`✘ ${title} failed after ${seconds} s: ${[command, ...words].join(' ')}`);
  // 130 is the status that shells report after Ctrl-C.
  process.exit(signal ? 130 : (status ?? 1));
}

/** Prints the numbers of tests in one line. Jest writes no results if it finds no test. */
function printResults() {
  if (!existsSync(RESULTS)) return;
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(RESULTS, 'utf8'));
  const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
  console.log(`\n${numPassedTests} passed, ${numFailedTests} failed${skipped}`);
}

const jestArguments = process.argv.slice(2);
run('Packages', 'node', 'scripts/packages.mjs');
run('Tools', 'tsx', 'scripts/install-tools.ts');
if (jestArguments.length === 0) run('Checks', 'npm', 'run', 'check');
mkdirSync(dirname(RESULTS), { recursive: true });
rmSync(RESULTS, { force: true });
process.on('exit', printResults);
run('Tests', 'jest', '--json', `--outputFile=${RESULTS}`, ...jestArguments);
