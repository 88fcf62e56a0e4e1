import { Database } from '../shared/database';
import { BadRequest } from '../shared/errors';
import { httpHandler } from '../shared/http';
import { iamCredentials } from '../shared/iam-credentials';
import { target } from '../shared/target';
import { readUserNames } from './queries';

const instance = target();
const database = new Database(instance, iamCredentials(instance)).warm();

/** `GET /`: by IAM, to the public address of the instance, from outside the VPC. */
export const handler = httpHandler(async ({ query: parameters }) => {
  const [unknown] = Object.keys(parameters);
  if (unknown !== undefined) throw new BadRequest(`${JSON.stringify(unknown)} is no parameter: there are none`);
  return { users: await database.run(readUserNames) };
});
