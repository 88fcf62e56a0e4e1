import type { MariaDb } from '../../database/mariadb';
import { nativeHash } from '../protocol/scramble';

const fieldOfPriv = (key: string): string => `json_value(\`mysql\`.\`global_priv\`.\`Priv\`,'$.${key}')`;

/**
 * Makes `mysql.user`, a view in MariaDB, show what RDS for MySQL shows: the names of RDS's authentication plugins, and 'RDS' as the
 * hash of an IAM user. A second call changes nothing.
 *
 * @throws Error if this version of MariaDB defines the view in another way.
 */
export async function replaceUserView(database: MariaDb): Promise<void> {
  const [view] = await database.query<{ 'Create View': string }>('SHOW CREATE VIEW mysql.user');
  // In MariaDB all IAM users have the same password, iamPassword, so its hash identifies them.
  const isIam = `${fieldOfPriv('authentication_string')} = '${nativeHash(database.iamPassword)}'`;
  const plugin = `ifnull(${fieldOfPriv('plugin')},'')`;
  const hash = `ifnull(${fieldOfPriv('authentication_string')},'')`;
  const mysqlPlugin = `replace(${plugin},'mysql_native_password','caching_sha2_password')`;
  const definition = view?.['Create View'] ?? '';
  const statement = definition
    .replace(/^CREATE/, 'CREATE OR REPLACE')
    .replace(`,${plugin} AS \`plugin\``, () => `,if(${isIam},'AWSAuthenticationPlugin',${mysqlPlugin}) AS \`plugin\``)
    .replace(`,${hash} AS \`auth`, () => `,if(${isIam},'RDS',${hash}) AS \`auth`);
  if (!statement.includes('AWSAuthenticationPlugin') || !statement.includes("'RDS'")) {
    throw new Error(
      `MariaDB's view mysql.user cannot be changed to show AWSAuthenticationPlugin, because its definition is not that of MariaDB 10.11: ${definition}. Use MariaDB 10.11.`,
    );
  }
  await database.query(statement);
}
