import type { MatrixRow } from '../../contract/logins';
import { html, type Html } from './html';
import type { MeasuredLogin, Measurement } from './measure';
import { table } from './table';
import { capitalised, clientLetter, outcomeWord, proxyRule, wayIn } from './words';

/** One way to log in, with its measurements. */
interface Way {
  /** The row of the login matrix that applies to the target of this way. */
  readonly row: MatrixRow;
  readonly withTls: MeasuredLogin;
  /** `undefined` if the login was not tried without TLS. */
  readonly withoutTls: MeasuredLogin | undefined;
}

/** Renders a table of the ways to log in, with their measurements. */
export const waysTable = (measurement: Measurement): Html =>
  table({
    labelledBy: 'ways',
    className: 'ways',
    columns: [
      { heading: 'Way in', cell: nameOf },
      { heading: 'With TLS', cell: ({ withTls }) => outcomeCell(withTls) },
      { heading: 'Without TLS', cell: ({ withoutTls }) => withoutTls && outcomeCell(withoutTls) },
    ],
    rows: waysOf(measurement),
  });

const waysOf = ({ probes, settings }: Measurement): Way[] =>
  settings.rows.flatMap((row) => {
    const ofRow = probes.filter(({ target }) => target === (row.proxy ?? 'instance'));
    return ofRow
      .filter(({ tls }) => tls)
      .map((withTls) => ({
        row,
        withTls,
        withoutTls: ofRow.find(({ login, tls }) => login === withTls.login && !tls),
      }));
  });

function nameOf({ row, withTls }: Way): Html {
  const rule = row.proxy === undefined ? undefined : `${proxyRule(row)} `;
  const place = `Row ${row.row} below, client ${clientLetter(withTls)}.`;
  return html`<div>${capitalised(wayIn(withTls))}<small>${rule}${place}</small></div>`;
}

/**
 * Renders a measured login. Its colour shows one of three results: the outcome agrees with the settings; it agrees, but the login
 * succeeded without encryption; or it differs. A refused login can agree, too.
 */
function outcomeCell(probe: MeasuredLogin): Html {
  const { agrees, observed, expected, milliseconds, code, cause, because, tls } = probe;
  const isExposed = agrees && observed === 'o' && !tls;
  const agreeingClass = isExposed ? 'exposed' : 'agrees';
  const time = milliseconds === null ? undefined : html` <span class="time">${milliseconds} ms</span>`;
  // `cause` explains the measured outcome, `because` the expected one.
  const why = agrees ? (cause ?? because) : cause;
  return html`<div class="measured ${agrees ? agreeingClass : 'differs'}">
    <p>${outcomeWord(observed)}${time}</p>
    ${agrees ? undefined : html`<p class="note">Not as the settings say. Expected: ${outcomeWord(expected)}</p>`}
    ${why === null ? undefined : html`<p>${capitalised(why)}.</p>`}
    ${agrees ? undefined : html`<p>The settings say: ${because}.</p>`}
    ${isExposed ? html`<p class="note">Not encrypted: the network can read queries and results.</p>` : undefined}
    ${code === null ? undefined : html`<p><code>${breakable(code)}</code></p>`}
  </div>`;
}

/** Allows line breaks after the underscores of an error code. */
function breakable(code: string): readonly Html[] {
  return code.split(/(?<=_)/).map((part, index) => (index === 0 ? html`${part}` : html`<wbr />${part}`));
}
