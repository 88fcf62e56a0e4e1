import { closest } from './closest';
import { schemaNode, type Node } from './reference';

/** Returns the remedy for a setting that the schema does not have. */
export function unknownSetting(path: readonly PropertyKey[], key: string): string {
  const meant = meantBy(
    path.filter((part) => typeof part === 'string'),
    key,
  );
  const hint = meant === undefined ? '' : `Did you mean ${meant}? `;
  return `${hint}Correct its spelling or remove it; docs/settings.md lists the settings.`;
}

/** Finds a similar name in the same group, or the same name in another group. */
function meantBy(path: readonly string[], key: string): string | undefined {
  const root = schemaNode();
  const beside = path.reduce<readonly Node[]>(
    (nodes, part) => nodes.flatMap((node) => childrenOf(node)[part] ?? []),
    [root],
  );
  const sibling = closest(
    key,
    beside.flatMap((node) => Object.keys(childrenOf(node))).filter((name) => name !== key),
  );
  return sibling === undefined
    ? pathsOf(root).find((known) => known.endsWith(`.${key}`))
    : [...path, sibling].join('.');
}

/** Returns the settings of a group in all its forms, or those of a list's items. */
function childrenOf(node: Node): Readonly<Record<string, Node[]>> {
  const children: Record<string, Node[]> = {};
  for (const form of [node, ...(node.oneOf ?? []), ...(node.items ? [node.items] : [])]) {
    for (const [name, child] of Object.entries(form.properties ?? {})) (children[name] ??= []).push(child);
  }
  return children;
}

function pathsOf(node: Node, prefix = ''): string[] {
  return Object.entries(childrenOf(node)).flatMap(([name, children]) => [
    `${prefix}${name}`,
    ...children.flatMap((child) => pathsOf(child, `${prefix}${name}.`)),
  ]);
}
