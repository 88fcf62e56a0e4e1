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
    summary(all.length, broken.length),
    'Only AWS can show:',
    ...unknown.map((one) => `  - ${one}`),
  ].join('\n');
}

/** Every login has at least two conditions: one of the network and one of the database. */
function summary(all: number, broken: number): string {
  if (broken === 0) return `All ${all} conditions hold.`;
  return `${broken} of ${all} conditions ${broken === 1 ? 'does' : 'do'} not hold.`;
}

function lines({ needs, holds, found, where }: LoginCondition, fix: string | undefined): string[] {
  return [
    `  ${holds ? '✔' : '✘'} ${needs}`,
    `      ${[found, ...where].join('\n      ')}`,
    ...(fix === undefined ? [] : [`    Fix: ${fix}`]),
  ];
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
