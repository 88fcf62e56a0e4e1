import { z } from 'zod';
import { EFFECTS, type SettingEffect } from './effects';
import { INTERRUPTIONS } from './interruptions';
import { schema } from './schema';
import { literal } from './union';

/** A part of the schema, in JSON Schema with the additional keyword `range`. */
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
  readonly range?: readonly [number, number];
}

/** Returns the schema of an environment's file, before the defaults are added. */
export const schemaNode = (): Node => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node;

/** A row of the reference: a setting, or a group of settings. */
interface Row {
  readonly path: string;
  readonly node: Node;
  readonly required: boolean;
  /**
   * Text before the description, such as ``With `enabled: true`: ``. Empty if the setting does not depend on another one.
   */
  readonly prefix: string;
}

/** Returns a Markdown table of all settings. It is made from the schema that validates them. */
export function settingsReference(): string {
  const rows = allRows().map(lineOf);
  return ['| setting | values | default | meaning | changing it |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** Returns a Markdown table of the interruptions. The last column of the settings' table links to the rows of this table. */
export function interruptionsReference(): string {
  const rows = Object.entries(INTERRUPTIONS).map(
    ([id, { does, notice, lasts, page }]) => `| <a id="${id}"></a>${does} | ${notice} | ${lasts} | [AWS](${page}) |`,
  );
  return ['| the change | what callers notice | for how long on AWS | page |', '|---|---|---|---|', ...rows].join('\n');
}

/** Returns the paths of all settings, but not of the groups themselves. */
export const settingPaths = (): string[] => allRows().flatMap((row) => (isGroup(row) ? [] : [row.path]));

function allRows(): Row[] {
  const root = schemaNode();
  return Object.entries(root.properties ?? {}).flatMap(([name, node]) =>
    rowsOf({ path: name, node, required: root.required?.includes(name) ?? false, prefix: '' }),
  );
}

const isGroup = ({ node }: Row): boolean => node.properties !== undefined;

function rowsOf(row: Row): Row[] {
  const { path, node } = row;
  const children = node.oneOf ? node.oneOf.flatMap((variant) => variantRows(path, variant)) : propertyRows(path, node);
  const items = node.items?.properties ? propertyRows(`${path}[]`, node.items) : [];
  // A group without a description has no row of its own.
  if (children.length > 0 && !node.oneOf && node.description === undefined) return children;
  return [row, ...children, ...items];
}

/**
 * Returns the rows of one alternative of a union. The alternative's first property has no row: the prefix of the other rows shows
 * this property.
 */
function variantRows(path: string, variant: Node): Row[] {
  const [choice] = Object.entries(variant.properties ?? {});
  if (choice === undefined) return [];
  const [name, { const: value }] = choice;
  return propertyRows(path, variant, `With \`${name}: ${JSON.stringify(value)}\`: `).slice(1);
}

const propertyRows = (path: string, node: Node, prefix = ''): Row[] =>
  Object.entries(node.properties ?? {}).flatMap(([name, child]) =>
    rowsOf({ path: `${path}.${name}`, node: child, required: node.required?.includes(name) ?? false, prefix }),
  );

function lineOf(row: Row): string {
  const { path, node, required, prefix } = row;
  // A group shows no default: each of its settings shows one in its own row.
  const value = isGroup(row) || node.default === undefined ? '' : `\`${JSON.stringify(node.default)}\``;
  const effect = isGroup(row) ? '' : effectOf(path);
  return `| \`${path}\` | ${valuesOf(node)} | ${required ? 'required' : value} | ${prefix}${node.description ?? ''} | ${effect} |`;
}

/** Formats what a change of a setting does. @throws Error if EFFECTS does not list the setting */
function effectOf(path: string): string {
  const effect = (EFFECTS as Readonly<Record<string, SettingEffect>>)[path];
  if (effect === undefined)
    throw new Error(`The effect of a change of ${path} is not declared. Add it to modules/settings/effects.ts.`);
  const { kind, interrupts, mayWait = false, note = '' } = effect;
  const interruption = interrupts === undefined ? '' : `[${INTERRUPTIONS[interrupts].does}](#${interrupts})`;
  const waiting = mayWait ? '[may wait](operations.md#changes-that-wait-for-the-maintenance-window)' : '';
  return [KINDS[kind], interruption, waiting, note].filter((part) => part !== '').join('; ');
}

/** How the table shows each kind. `replaces` needs no text: the text of its interruption says what is replaced. */
const KINDS: Readonly<Record<SettingEffect['kind'], string>> = {
  'in place': 'in place',
  nothing: 'changes nothing at AWS',
  never: '[never](#what-cannot-change)',
  replaces: '',
};

function valuesOf(node: Node): string {
  if (node.examples) return node.examples.map((example) => `\`${literal(example)}\``).join(', ');
  if (node.range) return `number from ${node.range[0]} to ${node.range[1]}`;
  const values = node.enum ?? node.anyOf?.map((option) => option.const);
  if (values) return values.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  if (node.items) return `list of ${valuesOf(node.items).replace(/^\w+/, (type) => `${type}s`)}`;
  return node.type ?? '';
}
