import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { GLOBAL_REGION } from '../contract/regions';
import { ROUTE_USER_NAMES, type RouteUserName } from '../contract/routes';
import { RestApi } from './api/rest-api';
import { configureBackend } from './backend';
import { ClientHost } from './bastion/client-host';
import { CaLayer, regionCertificates } from './compute/ca-layer';
import type { LambdaFunction } from './compute/lambda-function';
import { LoginCheck } from './routes/login-check';
import { Routes, type Route, type RoutesProps } from './routes/routes';
import { Bootstrap } from './database/bootstrap';
import { DatabaseInstance } from './database/database-instance';
import { PasswordRotation } from './database/password-rotation';
import { UndeclaredUsers } from './database/undeclared-users';
import { UserSecret } from './secrets/user-secret';
import { allUsers, databaseUsers, namesBeforeRecord, type DatabaseUsers } from './database/users';
import { Edge } from './edge/edge';
import { ON_ONE_MACHINE, refuseExampleValues } from './example-values';
import type { SecurityRole } from './network/edges';
import { FixedSettings } from './database/fixed-settings';
import { Network } from './network/network';
import { SecretsEndpoint } from './secrets/secrets-endpoint';
import { SecurityGroups } from './network/security-groups';
import { Operations } from './operations/operations';
import { addOutputs } from './outputs';
import { DatabaseProxy, type DatabaseProxyProps } from './proxy/database-proxy';
import { literally } from './literally';
import { usersAt } from './settings/deployed-routes';
import { resourceName } from './settings/names';
import type { Settings } from './settings/settings';

/** Ids are addresses in Terraform's state: a changed one would replace the secret. @default - the user's name, and "-secret" */
const SECRET_IDS: Readonly<Partial<Record<RouteUserName, string>>> = { matrixPassword: 'matrix-secret' };

/** One environment: the API in front of MySQL, with every way to log in that its settings deploy. */
export class LoginMatrixStack extends TerraformStack {
  private readonly global: AwsProvider;
  private readonly network: Network;
  private readonly securityGroups: SecurityGroups;
  private readonly caLayer: CaLayer;
  private readonly users: DatabaseUsers;
  private readonly instance: DatabaseInstance;
  private readonly secrets: RoutesProps['secrets'];
  private readonly bootstrap: Bootstrap;
  private readonly rotation: PasswordRotation | undefined;

  private readonly settings: Settings;

  constructor(scope: Construct, settings: Settings) {
    super(scope, settings.name);
    this.settings = literally(settings);
    configureBackend(this, this.settings);
    refuseExampleValues(this, this.settings);
    this.global = this.addProviders();

    this.users = databaseUsers(settings);
    this.secrets = this.addSecrets();

    this.network = this.addNetwork();
    this.securityGroups = this.addSecurityGroups();
    this.caLayer = new CaLayer(this, 'ca-layer', { name: this.nameOf('ca'), region: settings.region });

    this.instance = this.addInstance();
    this.bootstrap = this.addBootstrap();
    this.rotation = this.addRotation();

    const proxies = [this.addProxy('password'), this.addProxy('iam')].filter((proxy) => proxy !== undefined);
    const client = this.addClientHost();
    const deployed = this.routesProps(proxies);
    const routes = new Routes(this, 'functions', deployed).all;

    // Without routes API Gateway has nothing to deploy. Only the database remains.
    const api = routes.length > 0 ? this.addApi(routes) : undefined;
    const edge = api && this.addEdge(api);

    const check = this.addLoginCheck(deployed, proxies);
    const called = [
      ...routes.map((route) => route.function),
      this.bootstrap.function,
      ...(this.rotation ? [this.rotation.function] : []),
    ];
    const { alarms } = this.addOperations(called, proxies, api, edge);
    const functions = [...called, ...(check ? [check.function] : [])];
    new UndeclaredUsers(this, 'undeclared-users', {
      bootstrap: this.bootstrap,
      dependsOn: [
        ...functions.map(({ resource }) => resource),
        ...proxies.flatMap(({ resources }) => resources),
        ...(this.rotation?.resources ?? []),
      ],
    });
    const { users, instance } = this;
    addOutputs(this, { settings, users, instance, proxies, api, edge, client, routes, functions, alarms });
  }

  private nameOf(...parts: string[]): string {
    return resourceName(this.settings.name, ...parts);
  }

  private addProviders(): AwsProvider {
    const { name, region, tags, accountId } = this.settings;
    const defaultTags = [{ tags: { Environment: name, ...tags } }];
    const regional = new AwsProvider(this, 'aws', { region, defaultTags });
    this.addOverride('terraform.required_providers.aws.version', providerVersions(this.settings));
    // The first version with write-only arguments, which keep secrets out of plan and state.
    this.addOverride('terraform.required_version', '>= 1.11.0');
    const global = new AwsProvider(this, 'aws-global', { alias: 'global', region: GLOBAL_REGION, defaultTags });
    if (accountId !== undefined) for (const provider of [regional, global]) allowOnly(provider, accountId);
    return global;
  }

  private addNetwork(): Network {
    const { network, database } = this.settings;
    return new Network(this, 'network', {
      ...network,
      name: this.nameOf(),
      publicDatabase: database.publicAccess.enabled,
    });
  }

  private addSecurityGroups(): SecurityGroups {
    const { proxies, database, client, authMatrix } = this.settings;
    const roles: [SecurityRole, boolean][] = [
      ['database', true],
      ['bootstrap', true],
      ['rotation', this.rotatedSecrets().length > 0],
      ['endpoint', true],
      [
        'functions',
        proxies.password.enabled || proxies.iam.enabled || database.iamAuthentication || authMatrix.enabled,
      ],
      ['password-proxy', proxies.password.enabled],
      ['iam-proxy', proxies.iam.enabled],
      ['client', client.enabled],
    ];
    return new SecurityGroups(this, 'security-groups', {
      name: this.nameOf(),
      vpcId: this.network.vpcId,
      roles: roles.filter(([, deployed]) => deployed).map(([role]) => role),
      publicCidrs: database.publicAccess.enabled ? database.publicAccess.cidrs : [],
    });
  }

  private addInstance(): DatabaseInstance {
    const { name: environment, region, accountId, network, database, proxies, logRetentionDays } = this.settings;
    const instance = new DatabaseInstance(this, 'database', {
      ...database,
      name: this.nameOf(),
      publiclyAccessible: database.publicAccess.enabled,
      // A proxy that does not require TLS of its clients also connects to the instance without TLS.
      requireSecureTransport: !(proxies.password.enabled && !proxies.password.requireTls),
      subnets: this.network.subnets.database,
      securityGroup: this.securityGroups.of('database'),
      logRetentionDays,
      dependsOn: database.publicAccess.enabled ? this.network.internet : [],
    });
    const databaseName = database.name;
    new FixedSettings(this, 'fixed-settings', { ...network, environment, region, accountId, databaseName, instance });
    return instance;
  }

  /** Adds a secret for each user that logs in by password. */
  private addSecrets(): RoutesProps['secrets'] {
    const add = (name: RouteUserName): readonly [RouteUserName, UserSecret][] => {
      const user = this.users[name];
      if (user?.login !== 'password') return [];
      const id = SECRET_IDS[name] ?? `${name}-secret`;
      return [[name, new UserSecret(this, id, { name: `${this.nameOf()}/database/${user.name}`, user: user.name })]];
    };
    return Object.fromEntries(ROUTE_USER_NAMES.flatMap(add));
  }

  private addBootstrap(): Bootstrap {
    const endpoint = new SecretsEndpoint(this, 'secrets-endpoint', {
      name: this.nameOf(),
      region: this.settings.region,
      network: this.network,
      // Each zone costs extra. Without a standby the database does not survive the loss of a zone anyway.
      inEveryZone: this.settings.database.multiAz,
      securityGroup: this.securityGroups.of('endpoint'),
      rotated: this.rotatedSecrets(),
    });
    return new Bootstrap(this, 'bootstrap', {
      name: this.nameOf('bootstrap'),
      instance: this.instance,
      database: this.settings.database.name,
      users: allUsers(this.users),
      names: namesBeforeRecord(this.settings),
      secrets: Object.fromEntries(Object.values(this.secrets).map((secret) => [secret.user, secret])),
      caLayer: this.caLayer,
      subnets: this.network.subnets.private,
      securityGroup: this.securityGroups.of('bootstrap'),
      logRetentionDays: this.settings.logRetentionDays,
      dependsOn: [endpoint.endpoint, ...this.securityGroups.rules],
    });
  }

  private rotatedSecrets(): readonly UserSecret[] {
    return this.settings.database.passwordRotation.enabled ? Object.values(this.secrets) : [];
  }

  private addRotation(): PasswordRotation | undefined {
    const { database, logRetentionDays } = this.settings;
    const secrets = this.rotatedSecrets();
    if (!database.passwordRotation.enabled || secrets.length === 0) return undefined;
    return new PasswordRotation(this, 'rotation', {
      name: this.nameOf('rotation'),
      instance: this.instance,
      secrets,
      days: database.passwordRotation.days,
      caLayer: this.caLayer,
      subnets: this.network.subnets.private,
      securityGroup: this.securityGroups.of('rotation'),
      logRetentionDays,
      dependsOn: [this.bootstrap.invocation],
    });
  }

  private addProxy(kind: 'password' | 'iam'): DatabaseProxy | undefined {
    const { proxies, logRetentionDays } = this.settings;
    const { enabled, requireTls, maxConnectionsPercent } = proxies[kind];
    if (!enabled) return undefined;
    return new DatabaseProxy(this, `${kind}-proxy`, {
      kind: `${kind}-proxy`,
      name: this.nameOf(kind),
      roleName: this.nameOf(`${kind}-proxy`),
      iamAuth: kind === 'iam' ? 'REQUIRED' : 'DISABLED',
      requireTls,
      instance: this.instance,
      ...(kind === 'iam' ? this.iamProxyUpstream() : { secrets: Object.values(this.secrets), iamUsers: [] }),
      subnets: this.network.subnets.private,
      securityGroup: this.securityGroups.of(`${kind}-proxy`),
      maxConnectionsPercent,
      borrowTimeoutSeconds: proxies.borrowTimeoutSeconds,
      logRetentionDays,
      dependsOn: [this.bootstrap.invocation],
    });
  }

  private iamProxyUpstream(): Pick<DatabaseProxyProps, 'upstream' | 'secrets' | 'iamUsers' | 'defaultAuthScheme'> {
    const { upstream } = this.settings.proxies.iam;
    if (upstream !== 'iam') {
      return { secrets: Object.values(this.secrets), iamUsers: [], ...(upstream && { defaultAuthScheme: 'NONE' }) };
    }
    const names = [...usersAt('iam-proxy', this.settings), 'matrixIam' as const];
    const users = names.map((name) => this.users[name]).filter((user) => user !== undefined);
    return { upstream, secrets: [], iamUsers: users.map(({ name }) => name), defaultAuthScheme: 'IAM_AUTH' };
  }

  private addClientHost(): ClientHost | undefined {
    const { client, region, database } = this.settings;
    const [subnet] = this.network.subnets.public;
    if (!client.enabled || subnet === undefined) return undefined;
    return new ClientHost(this, 'client', {
      name: this.nameOf('client'),
      instanceType: client.instanceType,
      subnet,
      securityGroup: this.securityGroups.of('client'),
      region,
      databaseName: database.name,
      instance: this.instance,
      users: this.users.clients.map(({ name }) => name),
      caBundle: regionCertificates(region),
      dependsOn: this.network.internet,
    });
  }

  private routesProps(proxies: readonly DatabaseProxy[]): RoutesProps {
    return {
      settings: this.settings,
      users: this.users,
      instance: this.instance,
      proxies: Object.fromEntries(proxies.map((proxy) => [proxy.kind, proxy])),
      secrets: this.secrets,
      caLayer: this.caLayer,
      subnets: this.network.subnets.private,
      securityGroups: this.securityGroups,
      bootstrap: this.bootstrap.invocation,
    };
  }

  private addLoginCheck(deployed: RoutesProps, proxies: readonly DatabaseProxy[]): LoginCheck | undefined {
    if (proxies.length === 0 && !this.users.items) return undefined;
    return new LoginCheck(this, 'login-check', {
      ...deployed,
      dependsOn: [this.bootstrap.invocation, ...proxies.flatMap(({ resources }) => resources)],
    });
  }

  private addApi(routes: readonly Route[]): RestApi {
    const { api, name, region, logRetentionDays } = this.settings;
    return new RestApi(this, 'api', {
      ...api,
      name: this.nameOf(),
      description: `Internal API of ${name}`,
      region,
      routes,
      logRetentionDays,
    });
  }

  private addEdge(api: RestApi): Edge {
    const { edge, logRetentionDays } = this.settings;
    return new Edge(this, 'edge', { ...edge, name: this.nameOf(), api, logRetentionDays, global: this.global });
  }

  private addOperations(
    functions: readonly LambdaFunction[],
    proxies: readonly DatabaseProxy[],
    api: RestApi | undefined,
    edge: Edge | undefined,
  ): Operations {
    const { alarms, region } = this.settings;
    return new Operations(this, 'operations', {
      name: this.nameOf(),
      alarms,
      region,
      global: this.global,
      functions,
      instance: this.instance,
      proxies,
      rotatedSecretArns: this.rotatedSecrets().map(({ arn }) => arn),
      ...(api && { api }),
      ...(edge && { edge }),
    });
  }
}

/**
 * The version that every test applies. The types are those of a newer version, but the configuration contains only what 5.100
 * supports, except the authentication scheme of a proxy, which needs 6.15.
 *
 * https://github.com/hashicorp/terraform-provider-aws/pull/44309
 */
const providerVersions = ({ proxies: { iam } }: Settings): string =>
  iam.enabled && iam.upstream !== undefined ? '~> 6.15' : '~> 5.100.0';

/** SECURITY: rejects credentials of another account. On one machine the local AWS has a different account. */
function allowOnly(provider: AwsProvider, accountId: string): void {
  provider.addOverride('allowed_account_ids', `\${[for id in ["${accountId}"] : id if !${ON_ONE_MACHINE}]}`);
}
