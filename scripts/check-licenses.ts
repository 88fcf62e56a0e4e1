/** Ends with an error where a dependency in the lock file has a licence that this project does not take. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { licenseProblems, type Lock } from './licenses';

const lock = JSON.parse(readFileSync(join(__dirname, '..', 'package-lock.json'), 'utf8')) as Lock;
const problems = licenseProblems(lock);
if (problems.length > 0) {
  console.error(
    [...problems, 'docs/adr/0011 says which licences are taken, and when to make an exception.'].join('\n'),
  );
  process.exitCode = 1;
}
