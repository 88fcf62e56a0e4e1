import { Database } from '../shared/database/database';
import { iamCredentials } from '../shared/database/iam-credentials';
import { target } from '../shared/database/target';
import { httpHandler, refuseParameters } from '../shared/http/http-handler';
import { readUserNames } from './queries';

const instance = target();
const database = new Database(instance, iamCredentials(instance)).warm();

/** `GET /`: logs in by IAM to the public address of the instance, from outside the VPC. */
export const handler = httpHandler(async ({ query: parameters }) => {
  refuseParameters(parameters);
  return { users: await database.run(readUserNames) };
});
