import { html, termList, type Html } from './html';

const TERMS: readonly (readonly [term: string, meaning: string])[] = [
  ['Instance', 'The MySQL database on Amazon RDS.'],
  [
    'Proxy',
    'RDS Proxy: it keeps a pool of connections to the instance and shares them among its clients. A proxy accepts either passwords or IAM.',
  ],
  [
    'Password',
    'Stored in AWS Secrets Manager. The client reads it there. A proxy reads it there too, unless the proxy logs in to the instance by IAM.',
  ],
  [
    'IAM',
    'AWS Identity and Access Management. The client signs a token with its AWS role and sends it instead of a password. The token is valid for 15 minutes. AWS recommends IAM for fewer than 200 new connections per second to an instance.',
  ],
  ['TLS', 'Encrypts the connection and proves that the server is the right one.'],
  [
    'Time',
    'From the first packet to the answer of the first statement. All logins run at the same time and slow each other down, so compare only the order of magnitude.',
  ],
];

/** Explains the terms of the page. */
export const glossary: Html = html`<section>
    <h2>Words on this page</h2>
    ${termList('terms', TERMS)}
  </section>
  <footer>
    <p>
      <strong>Before you decide:</strong> <code>docs/choosing.md</code> in the repository of this deployment compares
      login times, connections per second, limits of AWS and costs of the ways to log in. <code>curl</code> with the
      address of this page measures again and returns JSON.
    </p>
  </footer>`;
