import { createHash } from 'node:crypto';

/** Colours are said twice, for day and for night; what they tell is told by letters and words, too. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f7f7f5; --card: #fff; --line: #e2e2dd; --text: #22252a; --quiet: #5f6670;
  --o: #14663a; --o-back: #e1f3e7; --x: #9b2c22; --x-back: #fbe7e4; --none: #545b66; --none-back: #ececea;
  --differs: #8a4b00; --differs-back: #fff1d9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #15171a; --card: #1d2024; --line: #33373d; --text: #e7e8ea; --quiet: #a2a8b2;
    --o: #86d9a5; --o-back: #17341f; --x: #f5a59b; --x-back: #402019; --none: #b9bec7; --none-back: #2c3036;
    --differs: #ffc978; --differs-back: #3d2b0c;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { margin: 0 0 .25rem; font-size: 1.6rem; line-height: 1.25; letter-spacing: -.01em; }
p { margin: 0; color: var(--quiet); }
.verdict { margin: 1.5rem 0 1rem; padding: .75rem 1rem; border-radius: .6rem; font-weight: 600; }
.verdict.agrees { color: var(--o); background: var(--o-back); }
.verdict.differs { color: var(--differs); background: var(--differs-back); }
.legend { display: flex; flex-wrap: wrap; gap: .4rem 1.25rem; margin: 0; padding: 0; list-style: none;
  color: var(--quiet); font-size: .875rem; }
table { width: 100%; margin-top: 2rem; border: 1px solid var(--line); border-radius: .6rem; border-spacing: 0;
  background: var(--card); }
caption { padding-bottom: .5rem; text-align: start; font-weight: 600; }
th, td { padding: .7rem .8rem; text-align: start; vertical-align: top; font-weight: 400; }
tbody th, tbody td { border-top: 1px solid var(--line); }
thead th { font-size: .875rem; font-weight: 600; }
small { display: block; color: var(--quiet); font-size: .8125rem; font-weight: 400; line-height: 1.4; }
tbody th { font-weight: 600; }
.outcome { white-space: nowrap; }
.mark { display: inline-block; min-width: 1.6em; margin-inline-end: .3em; padding: 0 .3em; border-radius: .35em;
  text-align: center; font-weight: 700; }
.mark.o { color: var(--o); background: var(--o-back); }
.mark.x { color: var(--x); background: var(--x-back); }
.mark.none { color: var(--none); background: var(--none-back); }
.mark.differs, .differing { color: var(--differs); background: var(--differs-back); }
.differing { display: inline-block; margin-top: .3rem; padding: 0 .45em; border-radius: .35em; font-size: .8125rem;
  font-weight: 600; }
details { margin-top: 2rem; }
summary { color: var(--quiet); cursor: pointer; }
details table { margin-top: 1rem; font-size: .875rem; }
main > table { table-layout: fixed; }
main > table thead th:first-child { width: 3.5rem; }
main > table thead th:nth-child(-n + 4):not(:first-child) { width: 7.5rem; }
code { overflow-wrap: anywhere; font: .8125rem ui-monospace, monospace; }
@media (max-width: 60rem) {
  main { padding: 1.5rem 1rem 3rem; }
  table, tbody, tr, th, td, caption { display: block; }
  table { border: 0; background: none; }
  tbody tr { margin-bottom: 1rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card); }
  tbody th, tbody td { display: grid; grid-template-columns: minmax(6.5rem, 2fr) 3fr; gap: .75rem;
    padding: .55rem .8rem; overflow-wrap: anywhere; }
  tbody th { border-top: 0; }
  tbody th::before, tbody td::before { content: attr(data-label); color: var(--quiet); font-size: .8125rem;
    font-weight: 400; }
  thead, tbody td:empty { position: absolute; width: 1px; height: 1px; padding: 0; overflow: hidden;
    clip-path: inset(50%); }
  tbody td:empty::before { content: none; }
}
`;

/** Lets a browser apply this one style, and load and run nothing else. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  // The empty icon, which keeps browsers from asking for one.
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
