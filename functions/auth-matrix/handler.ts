import { environment } from '../shared/env';
import { httpHandler, refuseParameters } from '../shared/http/http-handler';
import { log } from '../shared/log';
import { expectation } from './expectation';
import { roleLogins } from './logins';
import { measure } from './measure';
import { page } from './page';
import { targets } from './targets';

const expected = expectation();
const region = environment('AWS_REGION', 'the region that the function runs in');
const deployed = targets(expected.logins.map(({ target }) => target));
const readLogins = roleLogins(expected.settings.rows);

/** `GET /auth-matrix`: tries every deployed way to log in and compares it with the expected outcome. */
export const handler = httpHandler(async ({ query, requestId }) => {
  refuseParameters(query);
  const measurement = await measure(expected, region, deployed, await readLogins());
  if (!measurement.agrees) {
    const differing = measurement.probes.filter(({ agrees }) => !agrees);
    log('error', 'Logins do not have the expected outcome', { requestId, probes: differing });
  }
  return measurement;
}, page);
