import type { Applied } from '../../applied';
import { trustPolicy } from './functions';
import { ACCOUNT, appliedOf } from './http-state';

export const REGION = 'eu-central-1';

export const HOSTS = {
  instance: 'matrix.c0ffee.eu-central-1.rds.amazonaws.com',
  passwordProxy: 'password.proxy-c0ffee.eu-central-1.rds.amazonaws.com',
  iamProxy: 'iam.proxy-c0ffee.eu-central-1.rds.amazonaws.com',
} as const;

const secretArn = (name: string): string => `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-AbCdEf`;
const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;

/** Returns the ARN that a policy for `rds-db:connect` names. @param resourceId resource id of an instance or a proxy */
export const dbUserArn = (resourceId: string, user: string): string =>
  `arn:aws:rds-db:${REGION}:${ACCOUNT}:dbuser:${resourceId}/${user}`;

/** ARNs of the secrets, by user. */
export const SECRETS = { master: secretArn('rds!db-master'), timestamps: secretArn('timestamps') } as const;
/** ARNs of the roles, by name. */
export const ROLES = { functions: roleArn('functions'), proxy: roleArn('proxy') } as const;

/** Subnets and security group of the functions in the VPC. */
export const VPC_CONFIG = { subnet_ids: ['subnet-private'], security_group_ids: ['sg-functions'] };

type Values = Record<string, any>;

/** Values of applied resources by type. A test may change them before use. */
export type Resources = Record<string, Values[]>;

const securityGroups = ['functions', 'client', 'database', 'proxies', 'endpoint'];

/** Allowed connections between security groups. */
const connections: readonly (readonly [from: string, to: string, port: number])[] = [
  ['functions', 'database', 3306],
  ['functions', 'proxies', 3306],
  ['functions', 'endpoint', 443],
  ['client', 'database', 3306],
  ['proxies', 'database', 3306],
];

const securityGroupRule = (group: string, peer: Values, port: number): Values => ({
  security_group_id: `sg-${group}`,
  referenced_security_group_id: null,
  cidr_ipv4: null,
  ip_protocol: 'tcp',
  from_port: port,
  to_port: port,
  ...peer,
});

const PASSWORD_AUTH = { iam_auth: 'DISABLED', client_password_auth_type: 'MYSQL_CACHING_SHA2_PASSWORD' };

const proxy = (name: 'password' | 'iam', auth: Values, values: { readonly require_tls: boolean }): Values => ({
  name,
  arn: `arn:aws:rds:${REGION}:${ACCOUNT}:db-proxy:prx-${name}`,
  endpoint: HOSTS[`${name}Proxy`],
  role_arn: ROLES.proxy,
  idle_client_timeout: 1800,
  vpc_subnet_ids: ['subnet-private'],
  vpc_security_group_ids: ['sg-proxies'],
  auth: [{ auth_scheme: 'SECRETS', secret_arn: SECRETS.timestamps, username: '', ...auth }],
  ...values,
});

/** Returns a policy as JSON. Each statement allows one action on its resources. */
export const policy = (...statements: readonly (readonly [action: string, ...resources: string[]])[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map(([Action, ...Resource]) => ({ Effect: 'Allow', Action, Resource })),
  });

const network = (): Resources => ({
  aws_vpc: [{ id: 'vpc-1', enable_dns_support: true, enable_dns_hostnames: true, main_route_table_id: 'rtb-main' }],
  aws_internet_gateway: [{ id: 'igw-1', vpc_id: 'vpc-1' }],
  aws_subnet: ['public', 'private', 'database'].map((name, index) => ({
    id: `subnet-${name}`,
    vpc_id: 'vpc-1',
    cidr_block: `10.20.${index}.0/24`,
    availability_zone: 'eu-central-1a',
  })),
  aws_route_table_association: ['public', 'private', 'database'].map((name) => ({
    subnet_id: `subnet-${name}`,
    route_table_id: `rtb-${name}`,
  })),
  aws_route: ['public', 'database'].map((name) => ({
    route_table_id: `rtb-${name}`,
    destination_cidr_block: '0.0.0.0/0',
    gateway_id: 'igw-1',
    nat_gateway_id: '',
  })),
  aws_security_group: securityGroups.map((name) => ({ id: `sg-${name}`, name })),
  aws_vpc_security_group_egress_rule: [
    ...connections.map(([from, to, port]) =>
      securityGroupRule(from, { referenced_security_group_id: `sg-${to}` }, port),
    ),
    securityGroupRule('client', { cidr_ipv4: '0.0.0.0/0' }, 443),
  ],
  aws_vpc_security_group_ingress_rule: [
    ...connections.map(([from, to, port]) =>
      securityGroupRule(to, { referenced_security_group_id: `sg-${from}` }, port),
    ),
    securityGroupRule('database', { cidr_ipv4: '0.0.0.0/0' }, 3306),
  ],
  aws_vpc_endpoint: [
    {
      service_name: `com.amazonaws.${REGION}.secretsmanager`,
      vpc_endpoint_type: 'Interface',
      private_dns_enabled: true,
      vpc_id: 'vpc-1',
      subnet_ids: ['subnet-private'],
      security_group_ids: ['sg-endpoint'],
    },
  ],
  aws_instance: [
    {
      private_ip: '10.20.0.4',
      associate_public_ip_address: true,
      subnet_id: 'subnet-public',
      vpc_security_group_ids: ['sg-client'],
    },
  ],
  aws_wafv2_ip_set: [{ ip_address_version: 'IPV4', addresses: ['203.0.113.0/24'] }],
});

const database = (): Resources => ({
  aws_db_instance: [
    {
      identifier: 'matrix',
      arn: `arn:aws:rds:${REGION}:${ACCOUNT}:db:matrix`,
      address: HOSTS.instance,
      port: 3306,
      resource_id: 'db-MATRIX',
      iam_database_authentication_enabled: true,
      publicly_accessible: true,
      availability_zone: 'eu-central-1a',
      db_subnet_group_name: 'matrix',
      parameter_group_name: 'matrix',
      vpc_security_group_ids: ['sg-database'],
      master_user_secret: [{ secret_arn: SECRETS.master }],
    },
  ],
  aws_db_subnet_group: [{ name: 'matrix', subnet_ids: ['subnet-database'] }],
  aws_db_parameter_group: [{ name: 'matrix', parameter: [{ name: 'require_secure_transport', value: '0' }] }],
  aws_db_proxy: [
    proxy('password', PASSWORD_AUTH, { require_tls: false }),
    proxy('iam', { iam_auth: 'REQUIRED', client_password_auth_type: '' }, { require_tls: true }),
  ],
  aws_db_proxy_target: ['password', 'iam'].map((name) => ({ db_proxy_name: name, db_instance_identifier: 'matrix' })),
  aws_db_proxy_default_target_group: ['password', 'iam'].map((name) => ({
    db_proxy_name: name,
    connection_pool_config: [POOL],
  })),
});

/** The `connection_pool_config` of each proxy. Its borrow timeout is short, because tests wait for it. */
export const POOL = { connection_borrow_timeout: 1, max_connections_percent: 45, max_idle_connections_percent: 22 };

const roles = (): Resources => ({
  aws_iam_role: Object.entries(ROLES).map(([name, arn]) => ({
    name,
    arn,
    assume_role_policy: trustPolicy(name === 'proxy' ? 'rds.amazonaws.com' : 'lambda.amazonaws.com'),
  })),
  aws_iam_role_policy: [
    {
      name: 'connect',
      role: 'functions',
      policy: policy([
        'rds-db:connect',
        dbUserArn('db-MATRIX', 'items'),
        dbUserArn('db-MATRIX', 'users_reader'),
        dbUserArn('db-MATRIX', 'matrix_iam'),
        dbUserArn('prx-iam', 'timestamps'),
        dbUserArn('prx-password', 'timestamps'),
      ]),
    },
    { name: 'read', role: 'proxy', policy: policy(['secretsmanager:GetSecretValue', SECRETS.timestamps]) },
  ],
});

/** An applied deployment: a public DB instance, two proxies, an EC2 instance, their VPC, and the roles of functions and proxies. */
export function deployed(change: (resources: Resources) => void = () => undefined): Applied {
  const resources = { ...network(), ...database(), ...roles() };
  change(resources);
  return appliedOf(resources);
}

/** Makes a change that removes some resources of a type: those whose values satisfy a condition. */
export const without =
  (type: string, condition: (values: Values) => boolean) =>
  (resources: Resources): void => {
    resources[type] = (resources[type] ?? []).filter((values) => !condition(values));
  };

/** A change that sets values of every resource of a type. */
export const set =
  (type: string, values: Values) =>
  (resources: Resources): void => {
    for (const resource of resources[type] ?? []) Object.assign(resource, values);
  };
