import type { HtmlPage } from '../shared/http/http-handler';
import { decisionSection } from './decision';
import { glossary } from './glossary';
import { html, Html, termList } from './html';
import { knownSection } from './known';
import type { Measurement } from './measure';
import { contentSecurityPolicy, style } from './style';
import { waysTable } from './ways';

/** Has no whitespace between the tags and the text, because the content security policy allows only a style with exactly this text. */
const STYLE = new Html(`<style>${style}</style>`);

/** Renders the measurement as a page. It shows which logins connect and why, and answers three questions about the choice of a login. */
export function page(measurement: Measurement): HtmlPage {
  const { agrees, environment } = measurement;
  const verdict = verdictOf(measurement);
  const { text } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${verdict} – login matrix of ${environment}</title>
        <link rel="icon" href="data:," />
        ${STYLE}
      </head>
      <body>
        ${header(measurement)}
        <main>
          <p class="verdict ${agrees ? 'agrees' : 'differs'}">${verdict}</p>
          ${agrees ? undefined : DIFFERENCES_NOTE} ${decisionSection(measurement)}
          <section>
            <h2 id="ways">Every way in, measured</h2>
            <p>
              A way in is a login by password or by IAM, straight to the instance or through a proxy. Each was tried
              from inside the network of the database, by users that exist only for this page.
            </p>
            ${legend} ${waysTable(measurement)}
          </section>
          ${knownSection(measurement)} ${glossary}
        </main>
      </body>
    </html> `;
  return { html: text, contentSecurityPolicy };
}

const DIFFERENCES_NOTE = html`<p class="next">
  The cells marked “Not as the settings say” show which logins differ. <code>docs/troubleshooting.md</code> in the
  repository of this deployment lists causes and fixes.
</p>`;

function header(measurement: Measurement): Html {
  const { environment, region, measuredAt } = measurement;
  return html`<header>
    <div>
      <h1>Which logins connect to this database?</h1>
      <p>
        This page tried every deployed way to log in to MySQL on Amazon RDS and compared the result with the settings of
        the deployment.
      </p>
      ${termList('facts', [
        ['Environment', environment],
        ['Region', region],
        ['Measured', html`<time datetime="${measuredAt}">${utc(measuredAt)}</time>`],
      ])}
    </div>
    <nav aria-label="This measurement">
      <a class="button main" href="">Measure again</a>
      <a class="button" href="${jsonUrl(measurement)}" download="${`auth-matrix-${environment}.json`}">Download JSON</a>
    </nav>
  </header>`;
}

function verdictOf({ agrees, probes }: Measurement): string {
  const differingCount = probes.filter((probe) => !probe.agrees).length;
  return agrees
    ? `All ${probes.length} logins came out as the settings say${unencryptedSuffix(probes)}`
    : `${differingCount} of ${probes.length} logins did not come out as the settings say`;
}

/**
 * Returns the end of the verdict: the number of logins that connect unencrypted. Returns an empty string if there are none. Unencrypted
 * logins agree with the settings but deserve attention.
 */
function unencryptedSuffix(probes: Measurement['probes']): string {
  const unencryptedCount = probes.filter(({ tls, observed }) => !tls && observed === 'o').length;
  return unencryptedCount === 0 ? '' : `, ${unencryptedCount} of them unencrypted`;
}

/** Returns a data URL that holds the JSON of this measurement. A request for JSON would measure again. */
const jsonUrl = (measurement: Measurement): string =>
  `data:application/json,${encodeURIComponent(JSON.stringify(measurement, null, 2))}`;

/** Formats a time: `31 January 2026, 12:00:00 UTC`. */
function utc(time: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'medium', timeZone: 'UTC' });
  return `${format.format(new Date(time)).replace(' at ', ', ')} UTC`;
}

const legend = html`<ul class="legend" aria-label="Colours">
  <li class="agrees">as the settings say, connected or refused</li>
  <li class="exposed">as the settings say, but not encrypted</li>
  <li class="differs">not as the settings say</li>
</ul>`;
