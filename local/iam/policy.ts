import { z } from 'zod';
import { parseJson } from '../json';
import { partsOf } from './wildcards';

/**
 * The kind of a policy. Identity-based policies name no principal, trust policies no resource.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#access_policy-types
 */
export type PolicyKind = 'identity-based' | 'resource-based' | 'VPC endpoint' | 'trust';

/** Holds if the request's value of the key matches one of the values. */
export interface Condition {
  readonly operator: 'StringEquals' | 'ArnLike';
  readonly key: string;
  readonly values: readonly string[];
}

export interface Statement {
  readonly sid?: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  /** ARNs of roles, names of services, or `*`; absent in identity-based policies. */
  readonly principals?: readonly string[] | undefined;
  /** Patterns of action names, such as `rds:*`. */
  readonly actions: readonly string[];
  /** Patterns of ARNs; absent in trust policies. */
  readonly resources?: readonly string[] | undefined;
  /** All conditions must hold. */
  readonly conditions: readonly Condition[];
}

export interface Policy {
  readonly kind: PolicyKind;
  readonly name: string;
  readonly statements: readonly Statement[];
  /** The applied Terraform resource that contains the policy. */
  readonly source?: object;
}

/** A policy is invalid, or uses an element that is not evaluated here. Ignoring the element could change the decision. */
export class PolicyNotEvaluated extends Error {
  override readonly name = 'PolicyNotEvaluated';

  /** @param policy for example `The trust policy x` */
  constructor(policy: string, problem: string) {
    super(
      `${policy} cannot be evaluated here: ${problem}. Supported: Effect, Principal (*, ARNs of roles, ` +
        'names of services), Action, Resource, and Condition with StringEquals and ArnLike, without policy variables.',
    );
  }
}

const oneOrMore = <T extends z.ZodType>(item: T) =>
  z.preprocess((value: unknown): unknown => (Array.isArray(value) ? value : [value]), z.array(item).min(1));

const text = z.string().refine((value) => !value.includes('${'), 'a policy variable is not evaluated');

const action = z
  .string()
  .regex(
    /^(\*|[a-z0-9-]+:[\w*?]+)$/i,
    'an action must be *, or have the form service:name without wildcards in the service',
  );

const resource = text.refine(
  isResourcePattern,
  'a resource must be *, or an ARN of six parts. The service of the ARN must have no wildcard. The last part must be *, or have wildcards only after its first colon or slash',
);

const arnPattern = text.refine(
  (value) => partsOf(value).length === 6,
  'a value of ArnLike must be an ARN of six parts',
);

const principals = z.preprocess(
  (value) => (value === '*' ? { AWS: '*' } : value),
  z.strictObject({
    AWS: oneOrMore(
      z.string().regex(/^(\*|arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+)$/, 'not the ARN of a role'),
    ).optional(),
    Service: oneOrMore(z.string().regex(/^[\w.-]+$/, 'not the name of a service')).optional(),
  }),
);

const document = z.strictObject({
  Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
  Id: z.string().optional(),
  Statement: oneOrMore(
    z.strictObject({
      Sid: z.string().optional(),
      Effect: z.enum(['Allow', 'Deny']),
      Principal: principals.optional(),
      Action: oneOrMore(action),
      Resource: oneOrMore(resource).optional(),
      Condition: z
        .strictObject({
          StringEquals: z.record(z.string(), oneOrMore(text)).optional(),
          ArnLike: z.record(z.string(), oneOrMore(arnPattern)).optional(),
        })
        .optional(),
    }),
  ),
});

/**
 * Reads a policy.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 *
 * @param name names the policy in messages: its own name, or that of its role or service
 * @param json the policy document
 * @throws PolicyNotEvaluated if the document is not a policy of this kind, or uses a feature that is not evaluated.
 */
export function readPolicy(kind: PolicyKind, name: string, json: string): Policy {
  const refused = (problem: string): PolicyNotEvaluated =>
    new PolicyNotEvaluated(`The ${kind} policy ${name}`, problem);
  const { success, data, error } = document.safeParse(parseJson(json));
  if (!success) throw refused(error.issues.map(describe).join('; '));
  const needsPrincipal = kind !== 'identity-based';
  const needsResource = kind !== 'trust';
  for (const { Principal, Resource } of data.Statement) {
    if ((Principal !== undefined) !== needsPrincipal) throw refused(`Principal ${rule(needsPrincipal)}`);
    if ((Resource !== undefined) !== needsResource) throw refused(`Resource ${rule(needsResource)}`);
  }
  return { kind, name, statements: data.Statement.map(toStatement) };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns */
function isResourcePattern(pattern: string): boolean {
  const [arn, , service = '*', , , resourcePart] = partsOf(pattern);
  if (arn !== 'arn' || resourcePart === undefined) return pattern === '*';
  const [type = ''] = resourcePart.split(/[:/]/);
  return !/[*?]/.test(service) && (resourcePart === '*' || !/[*?]/.test(type));
}

/** Describes a problem, with its place in the document unless it is about the document as a whole. */
const describe = ({ path, message }: z.core.$ZodIssue): string =>
  path.length === 0 ? message : `${path.join('.')}: ${message}`;

const rule = (isRequired: boolean): string => (isRequired ? 'is required' : 'is not allowed');

type RawStatement = z.infer<typeof document>['Statement'][number];

function toStatement({ Sid, Effect, Principal, Action, Resource, Condition = {} }: RawStatement): Statement {
  return {
    sid: Sid,
    effect: Effect,
    principals: Principal && [...(Principal.AWS ?? []), ...(Principal.Service ?? [])],
    actions: Action,
    resources: Resource,
    conditions: (['StringEquals', 'ArnLike'] as const).flatMap((operator) =>
      Object.entries(Condition[operator] ?? {}).map(([key, values]) => ({ operator, key, values })),
    ),
  };
}
