/** Ends with an error where a dependency in a lock file has a licence that this project does not take. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { licenseProblems, type Lock } from './licenses';

const lockIn = (...folder: string[]): Lock =>
  JSON.parse(readFileSync(join(__dirname, '..', ...folder, 'package-lock.json'), 'utf8')) as Lock;

// The exceptions are those of the project itself.
const problems = [...licenseProblems(lockIn()), ...licenseProblems(lockIn('__tests__', 'clients'), [])];
if (problems.length > 0) {
  console.error(
    [...problems, 'docs/adr/0011 says which licences are taken, and when to make an exception.'].join('\n'),
  );
  process.exitCode = 1;
}
