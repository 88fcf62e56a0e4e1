import type { MariaDb } from '../../database/mariadb';
import { nativeHash } from '../protocol/scramble';

const of = (key: string): string => `json_value(\`mysql\`.\`global_priv\`.\`Priv\`,'$.${key}')`;

/**
 * Makes `mysql.user`, a view in MariaDB, show the users' authentication plugins as RDS for MySQL does. A second call
 * changes nothing.
 */
export async function showPlugins(database: MariaDb): Promise<void> {
  const [view] = await database.query<{ 'Create View': string }>('SHOW CREATE VIEW mysql.user');
  const isIam = `${of('authentication_string')} = '${nativeHash(database.iamPassword)}'`;
  const plugin = `ifnull(${of('plugin')},'')`;
  const hash = `ifnull(${of('authentication_string')},'')`;
  const mysqlPlugin = `replace(${plugin},'mysql_native_password','caching_sha2_password')`;
  const statement = (view?.['Create View'] ?? '')
    .replace(/^CREATE/, 'CREATE OR REPLACE')
    .replace(`,${plugin} AS \`plugin\``, () => `,if(${isIam},'AWSAuthenticationPlugin',${mysqlPlugin}) AS \`plugin\``)
    .replace(`,${hash} AS \`auth`, () => `,if(${isIam},'RDS',${hash}) AS \`auth`);
  await database.query(statement);
}
