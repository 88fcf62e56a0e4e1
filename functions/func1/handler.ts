import { Database } from '../shared/database';
import { secretCredentials } from '../shared/secret-credentials';
import { databaseName, target } from '../shared/target';
import { timestampsHandler } from '../timestamps/handler';

const database = new Database(target(), secretCredentials(), databaseName()).warm();

/** `GET /func1`: logs in by password, through the password proxy. */
export const handler = timestampsHandler('password-proxy', database);
