import { Database, type Query } from '../shared/database/database';
import { iamCredentials } from '../shared/database/iam-credentials';
import { readTarget } from '../shared/database/target';
import { httpHandler, refuseUnknownParameters } from '../shared/http/http-handler';

const instance = readTarget();
const database = new Database(instance, iamCredentials(instance)).warm();

/** `GET /`: logs in by IAM to the public address of the instance, from outside the VPC. */
export const handler = httpHandler(async ({ query: parameters }) => {
  refuseUnknownParameters(parameters);
  return { users: await database.run(readUserNames) };
});

/** Reads the names of all users of the server. This Lambda function's database user may read only the column User. */
async function readUserNames(query: Query): Promise<string[]> {
  const rows = await query('SELECT DISTINCT User AS name FROM mysql.user ORDER BY User');
  return rows.map((row) => String(row['name']));
}
