import type { LoginCondition } from './condition';
import type { Explanation } from './explain';

/** Formats an explanation for a terminal. */
export function report({ title, sections, fix, unknown }: Explanation): string {
  const all = sections.flatMap(({ conditions }) => conditions);
  const unmet = all.filter(({ holds }) => !holds);
  return [
    capitalised(title),
    ...sections.flatMap((section) => [
      '',
      section.title,
      ...section.conditions.flatMap((condition) => lines(condition, condition === unmet[0] ? fix : undefined)),
    ]),
    '',
    summary(all.length, unmet.length),
    'Not checked:',
    ...unknown.map((line) => `  - ${line}`),
  ].join('\n');
}

/** Says whether all conditions hold, or how many do not. */
function summary(count: number, unmetCount: number): string {
  if (unmetCount === 0) return `All ${count} conditions hold.`;
  return `${unmetCount} of ${count} conditions ${unmetCount === 1 ? 'does' : 'do'} not hold.`;
}

function lines({ needs, holds, found, where }: LoginCondition, fix: string | undefined): string[] {
  return [
    `  ${holds ? '✔' : '✘'} ${needs}`,
    `      ${[found, ...where].join('\n      ')}`,
    ...(fix === undefined ? [] : [`    Fix: ${fix}`]),
  ];
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
