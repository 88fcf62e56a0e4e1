import { closest } from './closest';
import type { Problem } from './problem';
import { schemaNode, type Node } from './reference';
import { literal } from './union';

/**
 * Explains why a group rejects a setting. Either the setting is unknown, or the other values of the group exclude the setting.
 *
 * @param path the path of the group
 */
export function unknownSetting(path: readonly PropertyKey[], key: string): Pick<Problem, 'rule' | 'remedy'> {
  const root = schemaNode();
  const names = path.filter((part) => typeof part === 'string');
  // Some groups are a choice of several schemas. Their inner groups then have several schemas too.
  const groups = names.reduce<readonly Node[]>(
    (nodes, part) => nodes.flatMap((node) => childrenOf(node)[part] ?? []),
    [root],
  );
  const otherForm = groups.flatMap(({ examples = [] }) => examples).find((example) => Object.hasOwn(example, key));
  if (otherForm !== undefined) {
    const remedy = `Remove it, or change the group, for example to ${literal(otherForm)}.`;
    return { rule: 'is not allowed with the other values of its group', remedy };
  }
  const sibling = closest(
    key,
    groups.flatMap((node) => Object.keys(childrenOf(node))),
  );
  const meant =
    sibling === undefined
      ? pathsOf(root).find((known) => `.${known}`.endsWith(`.${key}`))
      : [...names, sibling].join('.');
  const hint = meant === undefined ? '' : `Did you mean ${meant}? `;
  return {
    rule: 'is not a known setting',
    remedy: `${hint}Correct its spelling or remove it; docs/settings.md lists the settings.`,
  };
}

/** Returns the schemas of a group's settings by name, from all forms of the group. A list has the settings of its items. */
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
