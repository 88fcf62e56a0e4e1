import { KNOWN_MATRIX, type KnownRow } from '../../contract/known-matrix';
import { html, type Html } from './html';
import type { Measurement } from './measure';
import { table, type Column } from './table';
import { listOf, outcomeWord, TARGETS } from './words';

/** Renders `KNOWN_MATRIX`, a table of settings with the outcomes that AWS documents, and marks the rows of this deployment. */
export function knownSection({ settings }: Measurement): Html {
  const deployed = new Set(settings.rows.map(({ row }) => row));
  const applyingRows = settings.rows.map(
    ({ row, proxy }, index) => `row ${row} ${index === 0 ? 'applies to' : 'to'} ${TARGETS[proxy ?? 'instance']}`,
  );
  return html`<section>
    <h2 id="known">Outcomes with other settings</h2>
    <p>
      Each row is one combination of settings. The documentation uses the same row numbers. In this deployment
      ${listOf(applyingRows)}. The outcomes are those that AWS documents, not measured ones. The clients a to d use TLS.
    </p>
    ${table({
      labelledBy: 'known',
      className: 'known',
      columns: columns(deployed),
      rows: KNOWN_MATRIX,
      rowClass: ({ row }) => (deployed.has(row) ? 'deployed' : undefined),
    })}
    <p>
      Rows 7, 8 and 11 are rejected before deployment. In rows 7 and 8, TLS is optional, but RDS Proxy accepts IAM only
      over TLS. In row 11, the proxy logs in to the instance by IAM, but IAM is off at the instance.
    </p>
  </section>`;
}

function columns(deployed: ReadonlySet<number>): readonly Column<KnownRow>[] {
  const clientColumn = (letter: keyof KnownRow['outcomes'], note: string): Column<KnownRow> => ({
    heading: letter,
    note,
    cell: ({ outcomes: { [letter]: outcome } }) => outcome && outcomeWord(outcome),
  });
  return [
    { heading: 'Row', cell: ({ row }) => html`<span>${row}${deployed.has(row) ? HERE : undefined}</span>` },
    { heading: 'Proxy', cell: ({ proxy }) => proxyOf(proxy) },
    { heading: 'IAM at the instance', cell: ({ iamAuthentication }) => (iamAuthentication ? 'on' : 'off') },
    clientColumn('a', 'password to the instance'),
    clientColumn('b', 'IAM to the instance'),
    clientColumn('c', 'password through the proxy'),
    clientColumn('d', 'IAM through the proxy'),
  ];
}

const HERE = html` <span class="here">this deployment</span>`;

function proxyOf(proxy: KnownRow['proxy']): Html | string {
  if (proxy === undefined) return 'none';
  const tls = proxy.requireTls ? 'required' : 'optional';
  const upstream = proxy.upstream === 'iam' ? html`<small>logs in to the instance by IAM</small>` : undefined;
  return html`<div>IAM ${proxy.iamAuth.toLowerCase()}, TLS ${tls}${upstream}</div>`;
}
