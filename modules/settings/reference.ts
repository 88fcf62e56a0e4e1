import { z } from 'zod';
import { schema } from './schema';
import { literal } from './union';

/** A part of the schema, in JSON Schema. */
export interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly items?: Node;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly examples?: readonly object[];
  /** Least and most of a number. */
  readonly range?: readonly [number, number];
}

/** The whole schema, as people write it: before defaults are filled in. */
export const schemaNode = (): Node => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node;

/** The table of all settings, Markdown, made from the schema: it cannot tell anything else than the checks do. */
export function settingsReference(): string {
  const root = schemaNode();
  const rows = Object.entries(root.properties ?? {}).flatMap(([name, node]) =>
    describeNode(name, node, root.required?.includes(name) ?? false),
  );
  return ['| setting | values | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

function describeNode(path: string, node: Node, required: boolean, only = ''): string[] {
  const children = node.oneOf
    ? node.oneOf.flatMap((variant) => describeVariant(path, variant))
    : describeProperties(path, node);
  const items = node.items?.properties ? describeProperties(`${path}[]`, node.items) : [];
  if (children.length > 0 && !node.oneOf && node.description === undefined) return children;
  // The default of a group stands in the rows of its settings.
  const { default: fallback, ...group } = node;
  return [row(path, node.properties ? group : { ...group, default: fallback }, required, only), ...children, ...items];
}

/** What only one alternative of a setting has, with the value that chooses it. */
function describeVariant(path: string, variant: Node): string[] {
  const [choice] = Object.entries(variant.properties ?? {});
  if (choice === undefined) return [];
  const [name, { const: value }] = choice;
  return describeProperties(path, variant, `With \`${name}: ${JSON.stringify(value)}\`: `).slice(1);
}

function describeProperties(path: string, node: Node, only = ''): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) =>
    describeNode(`${path}.${name}`, child, node.required?.includes(name) ?? false, only),
  );
}

function row(path: string, node: Node, required: boolean, only: string): string {
  const fallback = required ? 'required' : node.default === undefined ? '' : `\`${JSON.stringify(node.default)}\``;
  return `| \`${path}\` | ${valuesOf(node)} | ${fallback} | ${only}${node.description ?? ''} |`;
}

function valuesOf(node: Node): string {
  if (node.examples) return node.examples.map((example) => `\`${literal(example)}\``).join(', ');
  if (node.range) return `number from ${node.range[0]} to ${node.range[1]}`;
  const values = node.enum ?? node.anyOf?.map((option) => option.const);
  if (values) return values.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  if (node.items) return `list of ${valuesOf(node.items).replace(/^\w+/, (type) => `${type}s`)}`;
  return node.type ?? '';
}
