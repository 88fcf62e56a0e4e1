import type { TargetName } from '../../contract/logins';
import { readTarget, type Target } from '../shared/database/target';
import { environment } from '../shared/env';
import { httpHandler, refuseUnknownParameters } from '../shared/http/http-handler';
import { log } from '../shared/log';
import { readExpectation } from './expectation';
import { matrixLogins } from './logins';
import { measure } from './measure';
import { page } from './page';

const expected = readExpectation();
const region = environment('AWS_REGION', 'the region that the function runs in');
const targets = new Map(expected.logins.map(({ target: name }) => [name, targetOf(name)]));
const readCredentials = matrixLogins(expected.settings.rows);

/** `GET /auth-matrix`: tries every deployed way to log in, and compares each outcome with the expected one. */
export const handler = httpHandler(async ({ query, requestId }) => {
  refuseUnknownParameters(query);
  const measurement = await measure(expected, region, targets, await readCredentials());
  if (!measurement.agrees) {
    const differing = measurement.probes.filter(({ agrees }) => !agrees);
    log('error', 'Logins do not have the expected outcome', { requestId, probes: differing });
  }
  return measurement;
}, page);

/** Reads an endpoint from the environment, for example `PASSWORD_PROXY_HOST` and `PASSWORD_PROXY_PORT` for the password proxy. */
function targetOf(name: TargetName): Target {
  return name === 'instance' ? readTarget() : readTarget(name.replace('-', '_').toUpperCase(), 'PROXY_CA_FILE');
}
