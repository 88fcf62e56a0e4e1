import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Applied } from '../applied';
import { keptIn, numberIn } from '../cli/kept-folder';
import type { TerraformState } from '../control-plane/terraform-json';
import { explain } from './explain';
import { report } from './report';
import { zipsIn } from './zips';

const USAGE = `npm start -- explain NAME [--environment NAME] [--number N] [--folder PATH] [--state FILE] [--json]

Explains how a function or a database user logs in: every condition on the way to the database, whether it holds, where in
Terraform's state that is decided, and what to change. It starts nothing. It ends with status 1 where a condition does not hold.

  NAME                 a function, such as func2, or a database user, such as analyst
  --environment NAME   what the last npm start applied of this environment, dev if left out
  --number N           of the npm start that had this number
  --folder PATH        where that npm start kept it, .local if left out
  --state FILE         instead of it: a file with the output of \`terraform show -json\`, of a deployment on AWS too
  --json               prints JSON
  --help, -h           this text`;

const OPTIONS = {
  environment: { type: 'string', default: 'dev' },
  number: { type: 'string' },
  folder: { type: 'string' },
  state: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsConfig['options'];

const ROOT = join(__dirname, '..', '..');

/**
 * `npm start -- explain`.
 *
 * @param args the words behind `explain`
 * @param print takes what is for the screen
 * @returns exit status: 0 where every condition holds, 1 where one does not, 2 where the arguments are wrong
 */
export function explainCommand(args: readonly string[], print: (text: string) => void = console.log): number {
  try {
    return run(args, print);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    const isUsage = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') === true;
    if (isUsage) console.error(`\n${USAGE}`);
    return 2;
  }
}

function run(args: readonly string[], print: (text: string) => void): number {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [name, ...more] = positionals;
  if (values.help) {
    print(USAGE);
    return 0;
  }
  if (name === undefined || more.length > 0)
    throw new Error(`explain takes one name, got ${positionals.length}.\n\n${USAGE}`);
  const folder = resolve(values.folder ?? join(ROOT, '.local'));
  const kept = keptIn({ folder, environment: values.environment, number: numberIn(values.number) });
  const state = values.state === undefined ? readKept(kept) : readState(values.state);
  const explanations = explain(new Applied(state), name, zipsIn(kept));
  print(values.json ? JSON.stringify(explanations, null, 2) : explanations.map(report).join('\n\n'));
  return explanations.every(({ holds }) => holds) ? 0 : 1;
}

/** What the last `npm start` kept. @throws Error where there was none */
function readKept(folder: string): TerraformState {
  const file = join(folder, 'applied.json');
  if (!existsSync(file)) {
    throw new Error(
      `Nothing was applied here: ${file} does not exist. Run \`npm start\` first, or name a file with the output of ` +
        '`terraform show -json` by --state.',
    );
  }
  return (JSON.parse(readFileSync(file, 'utf8')) as { state: TerraformState }).state;
}

/** @throws Error where the file is no state, or an empty one */
function readState(file: string): TerraformState {
  const refused = (problem: string): Error =>
    new Error(`--state must be a file with the output of \`terraform show -json\`, got ${file}: ${problem}.`);
  let state: { values?: { root_module?: { resources?: unknown } } } | null;
  try {
    state = JSON.parse(readFileSync(file, 'utf8')) as typeof state;
  } catch (error) {
    throw refused((error as Error).message);
  }
  if (!Array.isArray(state?.values?.root_module?.resources)) throw refused('it holds no resources');
  return state as TerraformState;
}
