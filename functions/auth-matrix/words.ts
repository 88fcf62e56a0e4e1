import type { ExpectedLogin, MatrixRow, Outcome, TargetName } from '../../contract/logins';
import { html, type Html } from './html';

type Way = Pick<ExpectedLogin, 'login' | 'target'>;

export const TARGETS: Readonly<Record<TargetName, string>> = {
  instance: 'the instance',
  'password-proxy': 'the password proxy',
  'iam-proxy': 'the IAM proxy',
};

/** Example: `through the IAM proxy`. */
export const wayTo = (target: TargetName): string =>
  `${target === 'instance' ? 'straight to' : 'through'} ${TARGETS[target]}`;

/** Example: `a password straight to the instance`. */
export const wayIn = ({ login, target }: Way): string => `${login === 'iam' ? 'IAM' : 'a password'} ${wayTo(target)}`;

/** Returns the letter of a way to log in, as in `contract/known-matrix.ts`. Example: `d` for IAM through a proxy. */
export function clientLetter({ login, target }: Way): string {
  const letters = target === 'instance' ? { password: 'a', iam: 'b' } : { password: 'c', iam: 'd' };
  return letters[login];
}

/** Describes what a row's proxy requires of clients. For end-to-end IAM, adds that the proxy logs in by IAM. The row must have a proxy. */
export function proxyRule({ iamAuth, requireTls, upstream }: MatrixRow): string {
  if (iamAuth !== 'REQUIRED') return `It has IAM disabled and ${requireTls ? 'requires' : 'does not require'} TLS.`;
  const rule = `It requires IAM${requireTls ? ' and TLS' : ', but not TLS'}`;
  return upstream === 'iam' ? `${rule}, and logs in to the instance by IAM.` : `${rule}.`;
}

/** Example: `a, b and c`. */
export const listOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;

export const capitalised = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

const OUTCOMES: Readonly<
  Record<Outcome, { readonly word: string; readonly className: string; readonly iconPath: string }>
> = {
  o: { word: 'Connects', className: 'connects', iconPath: 'M3 8h9M8.5 4.5 12 8l-3.5 3.5M14.5 2.5v11' },
  x: { word: 'Refused', className: 'refused', iconPath: 'M3.5 3.5l9 9M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13' },
  '–': { word: 'Cannot be used', className: 'unusable', iconPath: 'M3 8h10' },
};

/** Renders an outcome as an icon and a word. */
export function outcomeWord(outcome: Outcome): Html {
  const { word, className, iconPath } = OUTCOMES[outcome];
  return html`<span class="outcome ${className}"
    ><svg viewBox="0 0 16 16" aria-hidden="true"><path d="${iconPath}" /></svg>${word}</span
  >`;
}
