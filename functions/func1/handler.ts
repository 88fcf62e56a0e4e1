import { Database } from '../shared/database/database';
import { readDatabaseName, readTarget } from '../shared/database/target';
import { secretCredentials } from '../shared/secrets/secret-credentials';
import { timestampsHandler } from '../timestamps/timestamps-handler';

const database = new Database(readTarget(), secretCredentials(), readDatabaseName()).warm();

/** `GET /func1`: logs in by password through the password proxy. */
export const handler = timestampsHandler('password-proxy', database);
