import type { LoginCondition } from './condition';
import type { Explanation } from './explain';

/** Formats an explanation for a terminal. */
export function report({ title, sections, fix, unknown }: Explanation): string {
  const all = sections.flatMap(({ conditions }) => conditions);
  const broken = all.filter(({ holds }) => !holds);
  const first = broken[0];
  return [
    capitalised(title),
    ...sections.flatMap((section) => [
      '',
      section.title,
      ...section.conditions.flatMap((condition) => lines(condition, condition === first ? fix : undefined)),
    ]),
    '',
    broken.length === 0
      ? `All ${all.length} conditions hold.`
      : `${broken.length} of ${all.length} conditions do not hold.`,
    'Only AWS can show:',
    ...unknown.map((one) => `  - ${one}`),
  ].join('\n');
}

function lines({ needs, holds, found, where }: LoginCondition, fix: string | undefined): string[] {
  return [
    `  ${holds ? '✔' : '✘'} ${needs}`,
    `      ${[found, ...where].join('\n      ')}`,
    ...(fix === undefined ? [] : [`    Fix: ${fix}`]),
  ];
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
