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

function summary(all: number, broken: number): string {
  if (broken > 0) return `${broken} of ${counted(all)} ${broken === 1 ? 'does' : 'do'} not hold.`;
  return all === 1 ? 'The only condition holds.' : `All ${counted(all)} hold.`;
}

const counted = (conditions: number): string => `${conditions} ${conditions === 1 ? 'condition' : 'conditions'}`;

function lines({ needs, holds, found, where }: LoginCondition, fix: string | undefined): string[] {
  return [
    `  ${holds ? '✔' : '✘'} ${needs}`,
    `      ${[found, ...where].join('\n      ')}`,
    ...(fix === undefined ? [] : [`    Fix: ${fix}`]),
  ];
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
