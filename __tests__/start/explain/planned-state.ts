import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TerraformState } from '../../../local';
import type { ZipOf } from '../../../start/explain/condition-inputs';
import { createApp } from '../../../modules/app';
import type { Environment } from '../../../modules/settings/settings';
import type { Values } from '../../one-machine/support/changed-state';

const ACCOUNT = '123456789012';

/** Blocks that are objects in a configuration, but lists of one object in a state. */
const BLOCKS = ['environment', 'vpc_config', 'connection_pool_config'];

/** Attributes that are null in a state if the configuration omits them. */
const NULLS = ['gateway_id', 'nat_gateway_id', 'cidr_ipv4', 'referenced_security_group_id', 'source_arn', 'layers'];

export interface PlannedDeployment {
  /** The state after an apply. Of the values that an apply computes, it has only those that decide about logins. */
  readonly state: TerraformState;
  readonly zipOf: ZipOf;
}

/** Synthesises an environment and adds the values that an apply would add. */
export function planDeployment(environment: Environment): PlannedDeployment {
  const outdir = mkdtempSync(join(tmpdir(), 'planned-'));
  try {
    createApp([environment], outdir).synth();
    return new SimulatedApply(join(outdir, 'stacks', environment.name), environment.region).result();
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

class SimulatedApply {
  private readonly json: Values;
  private readonly zips = new Map<string, Uint8Array>();

  constructor(
    private readonly folder: string,
    private readonly region: string,
  ) {
    this.json = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')) as Values;
  }

  result(): PlannedDeployment {
    const resources = Object.entries<Values>(this.json['resource']).flatMap(([type, byName]) =>
      Object.entries<Values>(byName).map(([name, configuration]) => ({
        address: `${type}.${name}`,
        mode: 'managed' as const,
        type,
        name,
        values: this.valuesOf(type, name, configuration),
      })),
    );
    const zipOf: ZipOf = (codeSha256) => this.zips.get(codeSha256);
    return { state: { values: { root_module: { resources } } }, zipOf };
  }

  /** Returns the values of a resource as a state has them. */
  private valuesOf(type: string, name: string, configuration: Values): Values {
    const resolved = this.resolve(configuration) as Values;
    const blocks = BLOCKS.filter((block) => block in resolved).map((block) => [block, [resolved[block]]]);
    return {
      ...Object.fromEntries(NULLS.map((attribute) => [attribute, null])),
      ...(type === 'aws_lambda_function' && { vpc_config: [], environment: [] }),
      ...(type === 'aws_db_proxy' && { auth: [] }),
      ...resolved,
      ...Object.fromEntries(blocks),
      ...this.computed(type, name),
    };
  }

  /** Returns the values that are known only after an apply. */
  private computed(type: string, name: string): Values {
    const configuration = this.json['resource'][type][name] as Values;
    const configured = (attribute: string): string => String(this.resolve(configuration[attribute]));
    const arn = (service: string, id: string): string => `arn:aws:${service}:${this.region}:${ACCOUNT}:${id}`;
    const secretArn = (secret: string): string => arn('secretsmanager', `secret:${secret}-AbCdEf`);
    const code = { code_sha256: configured('source_code_hash') };
    const byType: Readonly<Record<string, () => Values>> = {
      aws_db_instance: () => ({
        arn: arn('rds', `db:${configured('identifier')}`),
        address: `${configured('identifier')}.c0ffee.${this.region}.rds.amazonaws.com`,
        resource_id: 'db-ABCDEFGHIJKLMNOPQRSTUVWXYZ',
        availability_zone: `${this.region}a`,
        master_user_secret: [{ secret_arn: secretArn('rds!db-1') }],
      }),
      aws_db_proxy: () => ({
        arn: arn('rds', `db-proxy:prx-${configured('name').replaceAll('-', '')}`),
        endpoint: `${configured('name')}.proxy-c0ffee.${this.region}.rds.amazonaws.com`,
      }),
      aws_iam_role: () => ({ arn: `arn:aws:iam::${ACCOUNT}:role/${configured('name')}` }),
      aws_instance: () => ({ id: 'i-1', private_ip: this.privateIp }),
      aws_lambda_function: () => ({ ...code, arn: arn('lambda', `function:${configured('function_name')}`) }),
      aws_lambda_invocation: () => ({ result: this.resultOf(configured('input')) }),
      aws_lambda_layer_version: () => ({ ...code, arn: arn('lambda', `layer:${configured('layer_name')}:1`) }),
      aws_secretsmanager_secret: () => ({ arn: secretArn(configured('name')), id: secretArn(configured('name')) }),
      aws_subnet: () => ({ id: `subnet-${name}`, availability_zone: `${this.region}a` }),
    };
    return { id: `${type}-${name}`, arn: arn('other', name), ...byType[type]?.() };
  }

  /** The first usable address of the first public subnet: AWS reserves the four before it. */
  private get privateIp(): string {
    const subnets = Object.entries<Values>(this.json['resource']['aws_subnet']);
    const [, first] = subnets.find(([name]) => name.includes('public-0')) ?? [];
    return String(first?.['cidr_block']).replace(/\.0\/\d+$/, '.4');
  }

  /** Returns what the bootstrap function answers: the database users that it created. */
  private resultOf(input: string): string {
    const { users = [] } = JSON.parse(input) as { users?: { name: string; host: string }[] };
    return JSON.stringify({ users: users.map(({ name, host }) => `'${name}'@'${host}'`) });
  }

  /** Evaluates Terraform's expressions in a value of the configuration. */
  private resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.resolve(item)]));
    }
    if (typeof value !== 'string') return value;
    const [whole] = /^\$\{[^{}]*\}$/.exec(value) ?? [];
    if (whole !== undefined) return this.evaluate(whole.slice(2, -1));
    return value.replace(/\$\{([^{}]*)\}/g, (_all, expression: string) => String(this.evaluate(expression)));
  }

  /** Returns the value of an expression. Leaves an expression of an unknown form unchanged. */
  private evaluate(expression: string): unknown {
    const [, list, index] = /^element\((.*), (\d+)\)$/.exec(expression) ?? [];
    if (list !== undefined) return (this.evaluate(list) as unknown[])[Number(index)];
    const [, separator, text] = /^split\("(.)", (.*)\)$/.exec(expression) ?? [];
    if (separator !== undefined) return String(this.evaluate(text ?? '')).split(separator);
    const [, file] = /^filebase64sha256\("(.*)"\)$/.exec(expression) ?? [];
    if (file !== undefined) return this.hashOf(file);
    const [, variable] = /^var\.(\w+)$/.exec(expression) ?? [];
    if (variable !== undefined) return this.json['variable'][variable].default;
    const [, type, name, attribute = '', path = ''] = /^(aws_\w+)\.([\w-]+)\.(\w+)(.*)$/.exec(expression) ?? [];
    if (type === undefined || name === undefined) return expression;
    const values = this.computed(type, name);
    const value = attribute in values ? values[attribute] : this.resolve(this.json['resource'][type][name][attribute]);
    return [...path.matchAll(/\w+/g)].reduce((inner: any, [key]) => inner[key], value);
  }

  /** Returns the SHA-256 of a zip, and keeps the zip under this hash. */
  private hashOf(file: string): string {
    const bytes = readFileSync(join(this.folder, file));
    const hash = createHash('sha256').update(bytes).digest('base64');
    this.zips.set(hash, bytes);
    return hash;
  }
}
