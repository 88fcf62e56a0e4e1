import { join, relative } from 'node:path';
import { type Applied, type LocalDeployment, publicAddressOf, readRestApi, type Served } from '../local';
import type { DbInstance } from '../local/decisions';
import { findAwsCli } from './tools/aws-cli';
import { clientHostRole } from './client-host-role';
import { writeShellFiles, type ShellFiles } from './shell-files';

export interface HowToUseProps {
  readonly deployment: LocalDeployment;
  /** Absent if no route is deployed. */
  readonly served: Served | undefined;
  /** Folder of the deployment. */
  readonly folder: string;
}

/** Instructions for the running deployment. */
export interface HowToUse {
  /** Commands to paste into another terminal, with explanations. */
  readonly text: string;
  /** URL for a browser. Absent if no route is deployed. */
  readonly url: string | undefined;
}

/** Path of the route that returns an HTML page to browsers. */
const PAGE = '/auth-matrix';

/** Returns the instructions, and writes the files that they use into the folder. */
export function howToUse({ deployment, served, folder }: HowToUseProps): HowToUse {
  const { applied, aws } = deployment;
  const files = writeShellFiles(deployment, folder);
  const lines = [
    '',
    ...(served ? callLines(applied, served, files) : ['No route is deployed, so there is nothing to call.']),
    '',
    ...loginLines(deployment, files),
    '',
    ...aws.endpoints.notices,
    `Logs: ${relative('', join(folder, 'logs'))}/   Control plane: ${aws.url}   Endpoint addresses: ${aws.network.loopback(1, 1)} and up`,
  ];
  return { text: lines.join('\n'), url: served && browserUrl(applied, served) };
}

function browserUrl(applied: Applied, { browser }: Served): string {
  const paths = pathsOf(applied);
  return `http://localhost:${browser.port}${paths.includes(PAGE) ? PAGE : (paths[0] ?? '/')}`;
}

function callLines(applied: Applied, { api, edge }: Served, { amazonCa }: ShellFiles): string[] {
  const url = `https://localhost:${edge.httpsPort}`;
  const curl = `curl --cacert ${quoted(amazonCa)}`;
  const [firstPath = '/', ...otherPaths] = pathsOf(applied);
  const [stage] = applied.all<{ stage_name: string }>('aws_api_gateway_stage');
  const publicAddress = publicAddressOf(applied, '127.0.0.1');
  return [
    `A call from 127.0.0.1 counts as one from ${publicAddress}. If the offices have IPv4 blocks, this address is in the first one. A call from any other address 127.x.x.x counts as one from outside every office.`,
    '',
    'Call the API:',
    ...[firstPath, ...otherPaths].map((path) => `  ${curl} ${url}${path}`),
    'From outside every office, blocked by the WAF:',
    `  ${curl} --interface 127.0.0.9 ${url}${firstPath}`,
    'Without CloudFront, refused because the API key is missing:',
    `  ${curl} --connect-to ::${api.address}:${api.port} https://${api.domainName}/${stage?.stage_name ?? ''}${firstPath}`,
    'Without TLS, redirected to HTTPS:',
    `  curl --include http://localhost:${edge.httpPort}${firstPath}`,
  ];
}

function pathsOf(applied: Applied): string[] {
  return readRestApi(applied)
    .routes.filter(({ method }) => method === 'GET')
    .map(({ resourcePath }) => resourcePath)
    .sort();
}

function loginLines({ applied, aws }: LocalDeployment, files: ShellFiles): string[] {
  const [instance] = applied.all<DbInstance>('aws_db_instance');
  if (!instance?.address) return [];
  const { address: host } = instance;
  const barrier = aws.network.judge('127.0.0.1', host);
  if (barrier !== undefined) {
    const tunnel = clientHostRole(applied)
      ? ' On AWS, the command in the output `tunnel` reaches the database through the client host.'
      : '';
    return [`As on AWS, you cannot reach the database directly: ${barrier}.${tunnel}`];
  }

  const secret = instance.master_user_secret?.[0]?.secret_arn ?? '';
  const cli = `${awsCli()} --region ${instance.arn.split(':')[3] ?? ''}`;
  const mysql = `mariadb --host=${aws.endpoints.hosts[host] ?? ''} --ssl-ca=${quoted(files.instanceCa)} --ssl-verify-server-cert`;
  // SECURITY: the password is in the environment, because every user of this machine can read a command line.
  const logIn = (credentialCommand: string): string => `MYSQL_PWD=$(${credentialCommand}) ${mysql}`;
  const tokenCommand = (user: string): string =>
    `${cli} --profile client-host rds generate-db-auth-token --hostname ${host} --port ${instance.port} --username ${user}`;
  const passwordCommand = `${cli} --profile default secretsmanager get-secret-value --secret-id ${quoted(secret)} --query SecretString --output text | node -pe 'JSON.parse(fs.readFileSync(0)).password'`;
  return [
    'Log in to the database by IAM (if a client host is deployed) or by password (as the master user):',
    `  export AWS_CONFIG_FILE=${quoted(files.awsConfig)}`,
    ...files.users.map((user) => `  ${logIn(tokenCommand(user))} --user=${user}`),
    `  ${logIn(passwordCommand)} --user=${instance.username}`,
  ];
}

/** Path of the AWS CLI, or `aws` if it is not installed: the shell then reports an unknown command. */
function awsCli(): string {
  try {
    return quoted(findAwsCli());
  } catch {
    return 'aws';
  }
}

/** Quotes a word for a shell: a shell treats the `!` in the names of RDS's secrets specially, and a folder's name may contain a space. */
const quoted = (word: string): string => (/^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
