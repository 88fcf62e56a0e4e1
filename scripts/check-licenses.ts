/** Fails if a dependency in a lock file has a licence that is neither accepted nor an exception, or if an exception is unused. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { licenseProblems, type Lock } from './licenses';

const lockIn = (...folder: string[]): Lock =>
  JSON.parse(readFileSync(join(__dirname, '..', ...folder, 'package-lock.json'), 'utf8')) as Lock;

// Exceptions apply only to the project's own lock file.
const problems = [...licenseProblems(lockIn()), ...licenseProblems(lockIn('local', '__tests__', 'clients'), [])];
if (problems.length > 0) {
  console.error(
    [...problems, 'scripts/licenses.ts lists the accepted licences and the exceptions; ADR 11 gives the reasons.'].join(
      '\n',
    ),
  );
  process.exitCode = 1;
}
