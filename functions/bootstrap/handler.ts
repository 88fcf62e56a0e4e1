import type { Context } from 'aws-lambda';
import { account } from '../shared/account';
import { Database } from '../shared/database';
import { explainFailure } from '../shared/errors';
import { isKeepActive } from '../shared/keep-active';
import { errorFields, log } from '../shared/log';
import { retrying } from '../shared/retrying';
import { secretCredentials } from '../shared/secret-credentials';
import { target } from '../shared/target';
import { parseDefinition } from './definition';
import { makeSchema, makeUser, secureMaster } from './steps';
import { isTransient } from './transient';

const instance = target();
const database = new Database(instance, secretCredentials());

/** What Terraform keeps of the invocation. */
interface Result {
  readonly database: string;
  readonly users: readonly string[];
}

/**
 * Brings the server to what the deployment defines: database, tables, users, grants. Running it again changes nothing.
 *
 * @throws Error whose message a person reads in the output of `terraform apply`. An event that is no definition is
 * refused before the first statement.
 */
export async function handler(event: unknown, context: Context): Promise<Result | undefined> {
  if (isKeepActive(event)) return undefined;
  const definition = parseDefinition(event);
  const step = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await retrying(() => context.getRemainingTimeInMillis(), isTransient, work);
      log('info', `Done: ${what}`);
    } catch (error) {
      log('error', `Failed: ${what}`, errorFields(error));
      throw new Error(`The ${what} could not be made: ${explainFailure(error)}`);
    }
  };
  try {
    await step('master user’s need of TLS', () => secureMaster(database));
    await step(`database ${definition.database}`, () => makeSchema(database, definition.database));
    for (const user of definition.users) await step(`user ${account(user)}`, () => makeUser(database, instance, user));
  } finally {
    await database.close();
  }
  return { database: definition.database, users: definition.users.map(account) };
}
