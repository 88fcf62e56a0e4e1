import type { Page } from '../shared/http';
import type { MatrixRow, Outcome, TargetName } from '../../contract/logins';
import { html, Html } from './html';
import type { MeasuredLogin, Measurement } from './measure';
import { contentSecurityPolicy, style } from './style';
import { table, type Column } from './table';

const WORDS: Readonly<Record<Outcome, string>> = { o: 'connects', x: 'refused', '–': 'unusable' };

/** The measurement as a person reads it: the matrix with what was met just now, over TLS and without. */
export function page({ agrees, settings, probes }: Measurement): Page {
  const differing = probes.filter((probe) => !probe.agrees).length;
  const verdict = agrees
    ? `All ${probes.length} logins are as expected`
    : `${differing} of ${probes.length} logins are not as expected`;
  const matrix = (caption: string, tls: boolean): Html =>
    table(
      caption,
      matrixColumns(
        settings.iamAuthentication,
        probes.filter((probe) => probe.tls === tls),
      ),
      settings.rows,
    );
  const { text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${verdict} – login matrix</title>
<link rel="icon" href="data:,">
<style>${new Html(style)}</style>
</head>
<body>
<main>
<h1>Who can log in</h1>
<p>Every way in that this deployment has, tried just now from inside the VPC.</p>
<p class="verdict ${agrees ? 'agrees' : 'differs'}">${agrees ? '✓' : '≠'} ${verdict}</p>
${legend}
${matrix('Over TLS', true)}
${matrix('Without TLS', false)}
<details${agrees ? undefined : new Html(' open')}>
<summary>Each login, with what was expected and why</summary>
${table('Each login', LOGIN_COLUMNS, probes)}
</details>
</main>
</body>
</html>
`;
  return { html: text, contentSecurityPolicy };
}

const legend = html`<ul class="legend">
  <li>${mark('o')} connects</li>
  <li>${mark('x')} refused</li>
  <li>${mark('–')} nothing there that could be used</li>
  <li><span class="mark differs">≠</span> not as expected</li>
</ul>`;

/** The settings that decide, then the four clients. */
function matrixColumns(iamAuthentication: boolean, probes: readonly MeasuredLogin[]): readonly Column<MatrixRow>[] {
  const met = (login: MeasuredLogin['login'], target: TargetName | undefined): Html | undefined => {
    const probe = probes.find((one) => one.login === login && one.target === target);
    return probe && outcome(probe);
  };
  return [
    { heading: '#', cell: ({ row }) => String(row) },
    {
      heading: 'Proxy: TLS required',
      cell: ({ requireTls }) => (requireTls === undefined ? 'no proxy' : yesNo(requireTls)),
    },
    { heading: 'Proxy: IAM', cell: ({ iamAuth }) => iamAuth?.toLowerCase() },
    { heading: 'RDS: IAM DB auth', cell: () => (iamAuthentication ? 'on' : 'off') },
    { heading: 'a', note: 'password → RDS', cell: () => met('password', 'instance') },
    { heading: 'b', note: 'IAM → RDS', cell: () => met('iam', 'instance') },
    { heading: 'c', note: 'password → proxy → RDS', cell: ({ proxy }) => met('password', proxy) },
    { heading: 'd', note: 'IAM → proxy → RDS', cell: ({ proxy }) => met('iam', proxy) },
  ];
}

const LOGIN_COLUMNS: readonly Column<MeasuredLogin>[] = [
  { heading: 'Login', cell: ({ login }) => (login === 'iam' ? 'IAM' : login) },
  { heading: 'To', cell: ({ target }) => target },
  { heading: 'TLS', cell: ({ tls }) => yesNo(tls) },
  {
    heading: 'Expected',
    cell: ({ expected, because }) => html`<div>${mark(expected)} <small>${because}</small></div>`,
  },
  { heading: 'Met', cell: outcome },
  { heading: 'Code', cell: ({ code }) => (code === null ? undefined : html`<code>${code}</code>`) },
];

const yesNo = (value: boolean): string => (value ? 'yes' : 'no');

/** The letter of the matrix. */
function mark(letter: Outcome): Html {
  return html`<span class="mark ${letter === '–' ? 'none' : letter}">${letter}</span>`;
}

function outcome({ observed, expected, agrees, milliseconds, reason }: MeasuredLogin): Html {
  const detail = milliseconds === null ? (reason ?? '') : `${milliseconds} ms`;
  const note = agrees ? undefined : html`<div class="differing">≠ expected ${expected}</div>`;
  return html`<div>
    <span class="outcome">${mark(observed)}${WORDS[observed]}</span><small>${detail}</small>${note}
  </div>`;
}
