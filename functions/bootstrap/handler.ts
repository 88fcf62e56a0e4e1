import type { Context } from 'aws-lambda';
import { Database, UNLIMITED_MS, type Query } from '../shared/database/database';
import { explainFailure } from '../shared/database/errors';
import { withServerLock } from '../shared/database/server-lock';
import { readTarget } from '../shared/database/target';
import { isKeepActive } from '../shared/invocation/keep-active';
import { RESERVE_MS, retrying } from '../shared/invocation/retrying';
import { errorFields, log } from '../shared/log';
import { secretCredentials } from '../shared/secrets/secret-credentials';
import { account } from '../shared/users/account';
import { dropUser, keptTables } from './clean-up';
import { isCleanUp, parseRequest, type CleanUp, type Definition } from './definition';
import { prepareRecord, undeclaredAccounts } from './made-users';
import { makeUser } from './make-user';
import { migrate, MigrationFailed } from './migrate';
import { isTransient } from './transient';
import { REQUIRE_TLS_OF_MASTER } from './user-statements';

const instance = readTarget();
const database = new Database(instance, secretCredentials());

/** Makes runs wait for each other. Two deployments may run at once, or the server may still run a statement of an earlier deployment. */
const LOCK = {
  name: 'bootstrap',
  description: 'the lock of the bootstrap',
  likelyCause: 'another deployment, or a migration of an earlier one, is running',
  consequence: 'Nothing was changed',
};

/** Runs one step of the work. If the step fails, the error begins with `failure`. */
type Step = <T>(failure: string, part: () => Promise<T>) => Promise<T>;

/**
 * Makes the database, tables, users and grants that the deployment defines, or drops the users that the deployment no longer
 * defines. A second run changes nothing.
 *
 * @returns the result that Terraform keeps in its state
 * @throws Error whose message `terraform apply` prints. An invalid event fails before the first statement.
 */
export async function handler(event: unknown, context: Context): Promise<unknown> {
  if (isKeepActive(event)) return undefined;
  const request = parseRequest(event);
  const remainingMs = (): number => context.getRemainingTimeInMillis();
  return underLock(remainingMs, (query, step) =>
    isCleanUp(request) ? cleanUp(query, request, step) : make(query, request, step, remainingMs),
  );
}

async function make(query: Query, definition: Definition, step: Step, remainingMs: () => number): Promise<unknown> {
  const { database: name, users, unrecordedNames } = definition;
  const statementMs = (): number => remainingMs() - RESERVE_MS;
  await step('TLS could not be required of the master user', () => query(REQUIRE_TLS_OF_MASTER));
  const { applied, unknown } = await step(`the tables of ${name} could not be made`, () =>
    migrate(query, name, statementMs),
  );
  if (unknown.length > 0) log('warn', 'A newer version of the deployment has changed the tables', { unknown });
  await step('the record of users could not be made', () => prepareRecord(query, unrecordedNames));
  for (const user of users) {
    await step(`the user ${account(user)} could not be made`, () => makeUser(query, instance, user));
  }
  return { database: name, users: users.map(account), migrations: { applied, unknown } };
}

async function cleanUp(query: Query, { database: name, keepUsers }: CleanUp, step: Step): Promise<unknown> {
  const surplus = await step('the record of users could not be read', () => undeclaredAccounts(query, keepUsers));
  for (const user of surplus) {
    await step(`the user ${account(user)} could not be dropped`, () => dropUser(query, user));
  }
  const kept = await step('the tables in databases of earlier deployments could not be listed', () =>
    keptTables(query, name),
  );
  return { dropped: surplus.map(account), kept };
}

/** Runs the whole work on one connection, which holds the lock. If the connection is lost, the work starts over. */
async function underLock<T>(remainingMs: () => number, work: (query: Query, step: Step) => Promise<T>): Promise<T> {
  const defaultFailure = 'the database could not be prepared';
  let currentFailure = defaultFailure;
  const step: Step = async (failure, part) => {
    currentFailure = failure;
    return part();
  };
  try {
    return await retrying(remainingMs, isTransient, () => {
      currentFailure = defaultFailure;
      return database.run((query) => withServerLock(query, LOCK, () => work(query, step)), UNLIMITED_MS);
    });
  } catch (error) {
    log('error', `Failed: ${currentFailure}`, errorFields(error));
    const reason = error instanceof MigrationFailed ? error.message : explainFailure(error);
    const subject = currentFailure.charAt(0).toUpperCase() + currentFailure.slice(1);
    throw new Error(`${subject}: ${reason}`);
  } finally {
    await database.close();
  }
}
