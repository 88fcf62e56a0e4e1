import { Database } from '../shared/database/database';
import { iamCredentials } from '../shared/database/iam-credentials';
import { readDatabaseName, readTarget } from '../shared/database/target';
import { timestampsHandler } from '../timestamps/timestamps-handler';

const proxy = readTarget();
const database = new Database(proxy, iamCredentials(proxy), readDatabaseName()).warm();

/** `GET /func2`: logs in by IAM through the IAM proxy. */
export const handler = timestampsHandler('iam-proxy', database);
