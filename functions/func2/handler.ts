import { Database } from '../shared/database';
import { iamCredentials } from '../shared/iam-credentials';
import { databaseName, target } from '../shared/target';
import { timestampsHandler } from '../timestamps/handler';

const proxy = target();
const database = new Database(proxy, iamCredentials(proxy), databaseName()).warm();

/** `GET /func2`: logs in by IAM, through the IAM proxy. */
export const handler = timestampsHandler('iam-proxy', database);
