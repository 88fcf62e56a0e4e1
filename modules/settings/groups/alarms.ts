import { z } from 'zod';
import { must } from '../fields';
import { switchable } from '../union';

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const DOMAIN_LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';

/** https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1: 64 characters before the @, 254 altogether. */
const emailAddress = must(
  z.string(),
  (address) =>
    address.length <= 254 &&
    new RegExp(`^(?=[^@]{1,64}@)${ATOM}(?:[.]${ATOM})*@(?:${DOMAIN_LABEL}[.])+${DOMAIN_LABEL}$`).test(address),
  'must be one e-mail address',
  'SNS asks this address to confirm the subscription. Write only the address, as in platform@example.com.',
);

export const alarms = switchable(
  {
    email: emailAddress
      .optional()
      .describe('E-mail address that receives the alarms. If omitted, the stack subscribes no address to the topics.'),
  },
  [{ enabled: true }, { enabled: true, email: 'platform@example.com' }],
)
  .default({ enabled: false })
  .describe('Alarms and their SNS topics.');
