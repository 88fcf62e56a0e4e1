import { Database } from '../shared/database/database';
import { databaseName, target } from '../shared/database/target';
import { secretCredentials } from '../shared/secrets/secret-credentials';
import { timestampsHandler } from '../timestamps/timestamps-handler';

const database = new Database(target(), secretCredentials(), databaseName()).warm();

/** `GET /func1`: logs in by password through the password proxy. */
export const handler = timestampsHandler('password-proxy', database);
