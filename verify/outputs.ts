import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { z } from 'zod';

/** Output of `terraform output -json`. */
export const RAW_OUTPUTS = z.record(z.string(), z.object({ value: z.unknown() }));

export type RawOutputs = z.infer<typeof RAW_OUTPUTS>;

const names = z.array(z.string());

/** Outputs that the checks read; `modules/outputs.ts` adds them. */
const OUTPUTS = z.object({
  api_url: z.url().optional(),
  api_gateway_url: z.url().optional(),
  deployed: z.object({
    region: z.string(),
    routes: z.array(z.object({ path: z.string(), function: z.string() })),
    functions: names,
    proxies: names,
    /** Declared database users, including `database.users.clients`. */
    database_users: names,
    /** Alarms in the region of the stack. */
    alarms: names,
    /** Alarms in us-east-1. */
    global_alarms: names,
    /** ARNs of the topics that the alarms notify. */
    alarm_topics: names,
    /** Whether `alarms.email` is set. */
    alarms_by_email: z.boolean(),
    /** Log group of API Gateway. */
    access_log: z.string().optional(),
    distribution_id: z.string().optional(),
  }),
});

export type Outputs = z.infer<typeof OUTPUTS>;

/** Picks and validates the outputs that the checks read. @throws Error with the missing or wrong output and the remedy */
export function parseOutputs(raw: RawOutputs): Outputs {
  const values = Object.fromEntries(Object.entries(raw).map(([name, { value }]) => [name, value]));
  const { success, data, error } = OUTPUTS.safeParse(values);
  if (success) return data;
  const [issue] = error.issues;
  const output = issue?.path.join('.') ?? '';
  throw new Error(
    `The Terraform output "${output}" does not have the format that this version of the project writes: ${issue?.message ?? ''}. Deploy this version of the project, then verify again.`,
  );
}

/** Parses the output of `terraform output -json`. @throws Error that names the source, if the text has another format */
export function parseRawOutputs(json: string, source: string): RawOutputs {
  try {
    return RAW_OUTPUTS.parse(JSON.parse(json));
  } catch (error) {
    const expected = 'Expected: the output of `terraform output -json`.';
    throw new Error(`${source} does not contain the outputs of a stack. ${expected}`, { cause: error });
  }
}

/**
 * Runs `terraform output` in the folder of a synthesised stack.
 *
 * @throws Error with the remedy if the stack was not synthesised here, or Terraform fails.
 */
export async function readStackOutputs(folder: string): Promise<RawOutputs> {
  if (!existsSync(folder)) {
    throw new Error(`${folder} does not exist. Deploy from this checkout first, or pass a file with --outputs.`);
  }
  try {
    const { stdout } = await promisify(execFile)('terraform', ['output', '-json'], { cwd: folder });
    return parseRawOutputs(stdout, `\`terraform output\` in ${folder}`);
  } catch (error) {
    const { stderr, code } = error as { stderr?: string; code?: unknown };
    if (code === 'ENOENT')
      throw new Error('Terraform is not installed, or not on the PATH. Install it, or pass a file with --outputs.');
    if (stderr === undefined) throw error;
    const failure = `\`terraform output\` failed in ${folder}: ${stderr.trim() || String(error)}`;
    throw new Error(`${failure}\nRun \`terraform init\` there, or pass a file with --outputs.`, { cause: error });
  }
}
