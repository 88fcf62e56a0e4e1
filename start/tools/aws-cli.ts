import { findProgram, inPythonFolder } from '../../local';

/** Returns the path of the project's own AWS CLI, or of the one on the PATH. @throws Error that says how to install it */
export function findAwsCli(): string {
  const path = findProgram([inPythonFolder('aws'), 'aws']);
  if (path !== undefined) return path;
  throw new Error(
    'The AWS CLI (aws) is not on the PATH. Run `npm run tools`, or install it from https://aws.amazon.com/cli/.',
  );
}
