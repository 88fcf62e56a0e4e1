import type { ExpectedLogin } from '../../contract/logins';
import { html, termList, type Html } from './html';
import type { MeasuredLogin, Measurement } from './measure';
import { listOf, wayIn, wayTo } from './words';

/** Returns questions about how to log in, each with an answer from the measured logins. */
export const answersOf = ({ probes }: Measurement): readonly (readonly [question: string, answer: string])[] => [
  ['Password or IAM?', passwordOrIam(connected(probes, { tls: true }))],
  ['Proxy or not?', proxyOrNot(probes)],
  ['TLS or not?', tlsOrNot(probes)],
];

export const decisionSection = (measurement: Measurement): Html =>
  html`<section>
    <h2>What this means for a decision</h2>
    ${termList('answers', answersOf(measurement))}
  </section>`;

const connected = (probes: readonly MeasuredLogin[], { tls }: { readonly tls: boolean }): MeasuredLogin[] =>
  probes.filter((probe) => probe.tls === tls && probe.observed === 'o');

function passwordOrIam(logins: readonly MeasuredLogin[]): string {
  const waysOf = (method: ExpectedLogin['login']): string =>
    listOf(logins.filter(({ login }) => login === method).map(({ target }) => wayTo(target)));
  const [password, iam] = [waysOf('password'), waysOf('iam')];
  if (password === '' && iam === '') return 'With TLS, neither a password nor IAM connects at the moment.';
  if (iam === '') return `With TLS, a password connects ${password}. IAM connects nowhere.`;
  if (password === '') return `With TLS, IAM connects ${iam}. A password connects nowhere.`;
  return `With TLS, a password connects ${password}. IAM connects ${iam}, and the client then stores no password.`;
}

function proxyOrNot(probes: readonly MeasuredLogin[]): string {
  const logins = connected(probes, { tls: true });
  const direct = timeRange(logins.filter(({ target }) => target === 'instance'));
  const proxied = timeRange(logins.filter(({ target }) => target !== 'instance'));
  if (logins.length === 0)
    return 'No login connects with TLS at the moment, neither straight to the instance nor through a proxy.';
  if (!probes.some(({ target }) => target !== 'instance')) {
    return `No proxy is deployed: each client opens its own connection to the instance; a login took ${direct}.`;
  }
  if (proxied === '')
    return `No login connects through a proxy with TLS at the moment; a login straight to the instance took ${direct}.`;
  if (direct === '') return `With TLS, a login connects only through a proxy at the moment, in ${proxied}.`;
  return `A login took ${direct} straight to the instance and ${proxied} through a proxy; ${PROXY_PURPOSE}.`;
}

const PROXY_PURPOSE = 'a proxy is for many short-lived clients, which share its connections';

/** Returns the range of the login times, or an empty text if there are none. Examples: `9 ms`, `9 to 14 ms`. */
function timeRange(logins: readonly MeasuredLogin[]): string {
  const ms = logins.flatMap(({ milliseconds }) => (milliseconds === null ? [] : [milliseconds]));
  if (ms.length === 0) return '';
  const [least, most] = [Math.min(...ms), Math.max(...ms)];
  return least === most ? `${least} ms` : `${least} to ${most} ms`;
}

function tlsOrNot(probes: readonly MeasuredLogin[]): string {
  const [withTls, withoutTls] = [connected(probes, { tls: true }), connected(probes, { tls: false })];
  const wayCount = probes.filter(({ tls }) => tls).length;
  if (withTls.length + withoutTls.length === 0) return 'No login connects at the moment, neither with TLS nor without.';
  if (withoutTls.length === 0)
    return `With TLS, ${withTls.length} of ${wayCount} ways to log in connect. Without TLS, none connects.`;
  const exposed = listOf(withoutTls.map(wayIn));
  const verb = withoutTls.length === 1 ? 'connects' : 'connect';
  return `With TLS, ${withTls.length} of ${wayCount} ways to log in connect. Without TLS, ${exposed} ${verb} unencrypted.`;
}
