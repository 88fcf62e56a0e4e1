import { createHash } from 'node:crypto';

/**
 * The light palette, then the dark one. `exposed` is the colour of a login that agrees with the settings, but connects without TLS.
 * Texts and icons repeat what the colours say, for people who cannot distinguish them.
 */
const colors = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --line: #d9dde3; --text: #1c2128; --quiet: #545c68; --accent: #1f5fbf;
  --on-accent: #fff; --here: #eaf1fc;
  --agrees: #1a5f3c; --agrees-back: #eaf6ee; --agrees-edge: #3f9a68;
  --exposed: #7a4a00; --exposed-back: #fff4dc; --exposed-edge: #d08a14;
  --differs: #a11d2a; --differs-back: #fdeaea; --differs-edge: #d23b48;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --card: #1c2026; --line: #363c45; --text: #e8eaed; --quiet: #a9b1bc; --accent: #8ab6ff;
    --on-accent: #10141a; --here: #1d2a3f;
    --agrees: #8fdcae; --agrees-back: #17291f; --agrees-edge: #3f9a68;
    --exposed: #f5c66b; --exposed-back: #33270f; --exposed-edge: #c98a1e;
    --differs: #ff9f9f; --differs-back: #3a1a1e; --differs-edge: #e0525e;
  }
}`;

const text = `
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif;
  overflow-wrap: break-word; }
header, main { max-width: 72rem; margin: 0 auto; padding-inline: 1.5rem; }
header { display: flex; flex-wrap: wrap; align-items: start; justify-content: space-between; gap: 1rem 2rem;
  padding-top: 2.5rem; }
main { padding-bottom: 3rem; }
h1 { margin: 0 0 .25rem; font-size: 1.9rem; line-height: 1.2; letter-spacing: -.015em; }
h2 { margin: 0 0 .35rem; font-size: 1.25rem; line-height: 1.3; letter-spacing: -.005em; }
section { margin-top: 2.75rem; }
p { margin: 0; }
header p, section > p { max-width: 46rem; color: var(--quiet); }
dl, dd, ul { margin: 0; padding: 0; }
small { display: block; color: var(--quiet); font-size: .8125rem; font-weight: 400; line-height: 1.4; }
code { font: .8125rem/1.5 ui-monospace, monospace; }
.facts { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin-top: 1rem; }
.facts dt { color: var(--quiet); font-size: .8125rem; }
.facts dd { font-weight: 600; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: .6rem; }
.button { padding: .5rem .95rem; border: 1px solid var(--accent); border-radius: .5rem; color: var(--accent);
  font-weight: 600; text-decoration: none; white-space: nowrap; }
.button.main { background: var(--accent); color: var(--on-accent); }
.button:hover { text-decoration: underline; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
.verdict { margin-top: 1.75rem; padding: .8rem 1.1rem; border: 1px solid; border-inline-start-width: .4rem;
  border-radius: .5rem; font-size: 1.1rem; font-weight: 600; }
.next { margin-top: .6rem; }
.answers { display: grid; gap: .75rem; margin-top: .75rem; }
.answers > div { display: grid; grid-template-columns: 11rem 1fr; gap: .25rem 1rem; padding: .85rem 1.1rem;
  border: 1px solid var(--line); border-radius: .5rem; background: var(--card); }
.answers dt, .terms dt { font-weight: 600; }
.legend { display: flex; flex-wrap: wrap; gap: .4rem 1.25rem; margin-top: .75rem; list-style: none;
  color: var(--quiet); font-size: .875rem; }
.legend li { padding-inline-start: .6rem; border-inline-start: .4rem solid; }
.terms { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1rem 2rem;
  margin-top: .75rem; }
.terms dd { color: var(--quiet); }
footer { margin-top: 2.5rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
footer p { max-width: 46rem; }`;

const tables = `
table { width: 100%; margin-top: 1rem; border-spacing: 0; }
th, td { text-align: start; vertical-align: top; font-weight: 400; }
thead th { font-size: .875rem; font-weight: 600; }
.outcome { display: inline-flex; align-items: baseline; gap: .4em; font-weight: 600; white-space: nowrap; }
.outcome svg { flex: none; width: 1em; height: 1em; align-self: center; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; }
.ways { border-collapse: separate; border-spacing: .5rem; margin: .5rem -.5rem 0; width: calc(100% + 1rem);
  table-layout: fixed; }
.ways th { padding: .35rem .25rem; }
.ways thead th { padding-block: .25rem 0; }
.ways tbody th { padding-top: .8rem; font-weight: 600; }
.ways thead th:first-child { width: 30%; }
.ways td { height: 1px; }
.measured { height: 100%; padding: .7rem .9rem; border: 1px solid; border-inline-start-width: .4rem; border-radius: .5rem;
  font-size: .9375rem; }
.measured p { color: var(--text); }
.measured p:first-child, .measured .note { color: inherit; }
.measured .note { font-weight: 600; }
.measured code { color: var(--quiet); }
.time { margin-inline-start: .5em; font-variant-numeric: tabular-nums; }
.known { border: 1px solid var(--line); border-radius: .5rem; background: var(--card); font-size: .9375rem; }
.known th, .known td { padding: .5rem .7rem; }
.known td:nth-child(2) { white-space: nowrap; }
.known tbody th, .known tbody td { border-top: 1px solid var(--line); }
.known tbody th { font-weight: 600; white-space: nowrap; }
.known .outcome { font-weight: 400; }
.known .connects { font-weight: 600; }
.known .unusable, .known .refused { color: var(--quiet); }
.known .deployed th, .known .deployed td { background: var(--here); }
.known .deployed th { box-shadow: inset .4rem 0 var(--accent); }
.here { display: block; padding-inline-start: .1rem; color: var(--accent); font-size: .8125rem; }
.known + p { margin-top: .6rem; font-size: .875rem; }`;

const tints = `
.agrees, .legend .agrees { color: var(--agrees); border-color: var(--agrees-edge); }
.exposed, .legend .exposed { color: var(--exposed); border-color: var(--exposed-edge); border-inline-start-style: dashed; }
.differs, .legend .differs { color: var(--differs); border-color: var(--differs-edge); border-inline-start-style: double; }
.verdict.agrees, .measured.agrees { background: var(--agrees-back); }
.measured.exposed { background: var(--exposed-back); }
.verdict.differs, .measured.differs { background: var(--differs-back); }
.legend .agrees, .legend .exposed, .legend .differs { color: var(--quiet); }`;

const narrowAndPrint = `
@media (max-width: 64rem) {
  .known th, .known td, .known td:nth-child(2), .known tbody th, .known .outcome { white-space: normal; }
  .known { font-size: .875rem; }
  .known th, .known td { padding-inline: .4rem; }
  .known td:nth-child(2) { min-width: 7rem; }
  .known tbody th { padding-inline-start: .8rem; }
}
@media screen and (max-width: 44rem) {
  header, main { padding-inline: 1rem; }
  header { padding-top: 1.5rem; }
  h1 { font-size: 1.5rem; }
  .answers > div { grid-template-columns: 1fr; }
  table, tbody, tr, th, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .ways { margin: 1rem 0 0; width: 100%; }
  .ways tbody tr { margin-top: 1.5rem; }
  .ways tbody th, .ways td { padding: 0 0 .5rem; height: auto; }
  td::before { content: attr(data-label); display: block; color: var(--quiet); font-size: .8125rem; }
  .known td:nth-child(-n + 3) { grid-column: 1 / -1; padding-block: 0; }
  .known td:nth-child(-n + 3)::before { content: attr(data-label) ': '; display: inline; font-size: inherit; }
  .known { border: 0; background: none; }
  .known tbody tr { display: grid; grid-template-columns: 1fr 1fr; margin-bottom: .75rem; border: 1px solid var(--line);
    border-radius: .5rem; background: var(--card); overflow: hidden; }
  .known tbody th { grid-column: 1 / -1; }
  .known tbody th > span::before { content: 'Row '; }
  .known tbody th, .known tbody td { padding: .3rem .8rem; border-top: 0; }
  .known td { align-content: end; }
  .known td:empty { position: absolute; width: 1px; height: 1px; padding: 0; overflow: hidden; clip-path: inset(50%); }
  .here { display: inline; margin-inline-start: .4rem; }
}
@media print {
  :root { --page: #fff; --card: #fff; --text: #000; --quiet: #333; font-size: 70%; }
  header, main { max-width: none; padding: 0; }
  nav { display: none; }
  section { margin-top: 1.25rem; }
  tr, .answers > div, .terms > div { break-inside: avoid; }
  h2 { break-after: avoid; }
  * { print-color-adjust: exact; }
}`;

export const style = colors + text + tables + tints + narrowAndPrint;

/** Content security policy: allows only this style, and images in `data:` URLs. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  // The page names an empty icon, `data:,`. Without it browsers would request /favicon.ico.
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
