import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import type { ProxyName } from '../contract/logins';
import { ROUTE_USER_NAMES, type RouteUserName } from '../contract/routes';
import { RestApi } from './api/rest-api';
import { configureBackend } from './terraform/backend';
import { ClientHost } from './client-host/client-host';
import { CaLayer } from './compute/ca-layer';
import type { LambdaFunction } from './compute/lambda-function';
import { Bootstrap } from './database/bootstrap';
import { DatabaseInstance } from './database/database-instance';
import { FixedSettings } from './database/fixed-settings';
import type { MasterFunctionBaseProps } from './database/master-function';
import { PasswordRotation } from './database/password-rotation';
import { allUsers, databaseUsers, possiblyUnrecordedNames, type DatabaseUsers } from './database/users';
import { Edge } from './edge/edge';
import { refuseExampleValues } from './terraform/example-values';
import { literally } from './terraform/literally';
import { deployedRoles } from './network/deployed-roles';
import { Network } from './network/network';
import { SecurityGroups } from './network/security-groups';
import { Alarms } from './operations/alarms';
import { Dashboard } from './operations/dashboard';
import { metricsOf, type MetricSources } from './operations/metrics';
import { addOutputs } from './outputs';
import { addProviders } from './terraform/providers';
import { DatabaseProxy, type DatabaseProxyProps } from './proxy/database-proxy';
import { checkedLogins, LoginCheck } from './routes/login-check';
import { Routes, type RouteFunction, type RoutesProps } from './routes/routes';
import { SecretsEndpoint } from './secrets/secrets-endpoint';
import { UserSecret } from './secrets/user-secret';
import { usersAt } from './settings/deployed-routes';
import { resourceName } from './settings/names';
import type { Settings } from './settings/settings';

/** Construct ids that differ from the default, `<name>-secret`. Terraform's state contains them: a changed id would replace the secret. */
const SECRET_IDS: Readonly<Partial<Record<RouteUserName, string>>> = { matrixPassword: 'matrix-secret' };

/** One environment: the API in front of MySQL, with every way to log in that the environment's settings enable. */
export class LoginMatrixStack extends TerraformStack {
  /** Provider for the resources of CloudFront and its WAF, in us-east-1. */
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

  constructor(scope: Construct, unescaped: Settings) {
    super(scope, unescaped.name);
    const settings = literally(unescaped); // Terraform must not evaluate `${…}` in a setting.
    this.settings = settings;
    configureBackend(this, settings);
    refuseExampleValues(this, settings);
    this.global = addProviders(this, settings);

    this.users = databaseUsers(settings);
    this.secrets = this.addSecrets();

    this.network = this.addNetwork();
    this.securityGroups = this.addSecurityGroups();
    this.caLayer = new CaLayer(this, 'ca-layer', { name: this.nameOf('ca'), region: settings.region });

    this.instance = this.addInstance();
    new FixedSettings(this, 'fixed-settings', { settings, instance: this.instance });
    this.bootstrap = this.addBootstrap(this.addSecretsEndpoint());
    this.rotation = this.addRotation();

    const proxies = [this.addProxy('password'), this.addProxy('iam')].filter((proxy) => proxy !== undefined);
    const client = this.addClientHost();
    const routesProps = this.routesProps(proxies);
    const routes = new Routes(this, 'functions', routesProps).all;

    // Without routes, API Gateway has nothing to deploy.
    const api = routes.length > 0 ? this.addApi(routes) : undefined;
    const edge = api && this.addEdge(api);

    const check = this.addLoginCheck(routesProps, proxies);
    const monitored = [
      ...routes.map((route) => route.function),
      this.bootstrap.function,
      ...(this.rotation ? [this.rotation.function] : []),
    ];
    const { users, instance } = this;
    const alarms = this.addOperations({ functions: monitored, instance, proxies, api, edge });
    const functions = [...monitored, ...(check ? [check.function] : [])];
    this.dropUndeclaredUsers(functions, proxies);
    addOutputs(this, { settings, users, instance, proxies, api, edge, client, routes, functions, alarms });
  }

  private nameOf(...parts: string[]): string {
    return resourceName(this.settings.name, ...parts);
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
    const { publicAccess } = this.settings.database;
    return new SecurityGroups(this, 'security-groups', {
      name: this.nameOf(),
      vpcId: this.network.vpcId,
      roles: deployedRoles(this.settings, { hasRotation: this.rotatedSecrets().length > 0 }),
      publicCidrs: publicAccess.enabled ? publicAccess.cidrs : [],
    });
  }

  private addInstance(): DatabaseInstance {
    const { database, proxies, logRetentionDays } = this.settings;
    return new DatabaseInstance(this, 'database', {
      ...database,
      name: this.nameOf(),
      publiclyAccessible: database.publicAccess.enabled,
      // For a client without TLS, a proxy connects to the instance without TLS, so the instance must allow that.
      // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-creating.html
      requireSecureTransport: !(proxies.password.enabled && !proxies.password.requireTls),
      subnets: this.network.subnets.database,
      securityGroup: this.securityGroups.of('database'),
      logRetentionDays,
      dependsOn: database.publicAccess.enabled ? this.network.internetRoutes : [],
    });
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

  private addSecretsEndpoint(): SecretsEndpoint {
    return new SecretsEndpoint(this, 'secrets-endpoint', {
      name: this.nameOf(),
      region: this.settings.region,
      network: this.network,
      // Each zone costs extra. Without a standby the database does not survive the loss of its own zone anyway.
      inEveryZone: this.settings.database.multiAz,
      securityGroup: this.securityGroups.of('endpoint'),
    });
  }

  private addBootstrap({ endpoint }: SecretsEndpoint): Bootstrap {
    return new Bootstrap(this, 'bootstrap', {
      ...this.masterFunctionProps('bootstrap'),
      database: this.settings.database.name,
      users: allUsers(this.users),
      possiblyUnrecorded: possiblyUnrecordedNames(this.settings),
      secrets: Object.values(this.secrets),
      dependsOn: [endpoint, ...this.securityGroups.rules],
    });
  }

  private masterFunctionProps(role: 'bootstrap' | 'rotation'): MasterFunctionBaseProps {
    return {
      name: this.nameOf(role),
      instance: this.instance,
      caLayer: this.caLayer,
      vpc: { subnets: this.network.subnets.private, securityGroup: this.securityGroups.of(role) },
      logRetentionDays: this.settings.logRetentionDays,
    };
  }

  private rotatedSecrets(): readonly UserSecret[] {
    return this.settings.database.passwordRotation.enabled ? Object.values(this.secrets) : [];
  }

  private addRotation(): PasswordRotation | undefined {
    const { passwordRotation } = this.settings.database;
    const secrets = this.rotatedSecrets();
    if (!passwordRotation.enabled || secrets.length === 0) return undefined;
    return new PasswordRotation(this, 'rotation', {
      ...this.masterFunctionProps('rotation'),
      secrets,
      days: passwordRotation.days,
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
      iamAuth: kind === 'iam' ? 'REQUIRED' : 'DISABLED',
      requireTls,
      instance: this.instance,
      ...(kind === 'iam' ? this.iamProxyUpstream() : { secrets: this.secretsAt('password-proxy'), iamUsers: [] }),
      subnets: this.network.subnets.private,
      securityGroup: this.securityGroups.of(`${kind}-proxy`),
      maxConnectionsPercent,
      borrowTimeoutSeconds: proxies.borrowTimeoutSeconds,
      logRetentionDays,
      dependsOn: [this.bootstrap.invocation],
    });
  }

  /** Returns the secrets with which a proxy logs in to the instance: those of its routes, and that of /auth-matrix. */
  private secretsAt(proxy: ProxyName): UserSecret[] {
    const names = [...usersAt(proxy, this.settings), 'matrixPassword' as const];
    return names.map((name) => this.secrets[name]).filter((secret) => secret !== undefined);
  }

  private iamProxyUpstream(): Pick<DatabaseProxyProps, 'upstream' | 'secrets' | 'iamUsers' | 'defaultAuthScheme'> {
    const { upstream } = this.settings.proxies.iam;
    if (upstream !== 'iam') {
      // If `upstream` is not set, omits `default_auth_scheme`: the AWS provider may be too old for this argument.
      const secrets = this.secretsAt('iam-proxy');
      return { secrets, iamUsers: [], ...(upstream && { defaultAuthScheme: 'NONE' }) };
    }
    // GET /auth-matrix logs in through the proxy as `matrixIam`, but `usersAt` omits the users of /auth-matrix.
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
      dependsOn: this.network.internetRoutes,
    });
  }

  private routesProps(proxies: readonly DatabaseProxy[]): RoutesProps {
    return {
      settings: this.settings,
      instance: this.instance,
      proxies: Object.fromEntries(proxies.map((proxy) => [proxy.kind, proxy])),
      secrets: this.secrets,
      caLayer: this.caLayer,
      subnets: this.network.subnets.private,
      securityGroups: this.securityGroups,
      bootstrap: this.bootstrap.invocation,
    };
  }

  private addLoginCheck(routesProps: RoutesProps, proxies: readonly DatabaseProxy[]): LoginCheck | undefined {
    if (checkedLogins(this.settings).length === 0) return undefined;
    return new LoginCheck(this, 'login-check', {
      ...routesProps,
      dependsOn: [this.bootstrap.invocation, ...proxies.flatMap(({ resources }) => resources)],
    });
  }

  /** Drops undeclared users once functions, proxies and rotation no longer log in as them. */
  private dropUndeclaredUsers(functions: readonly LambdaFunction[], proxies: readonly DatabaseProxy[]): void {
    this.bootstrap.dropUndeclaredUsers(new Construct(this, 'undeclared-users'), [
      ...functions.map(({ resource }) => resource),
      ...proxies.flatMap(({ resources }) => resources),
      ...(this.rotation?.resources ?? []),
    ]);
  }

  private addApi(routes: readonly RouteFunction[]): RestApi {
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

  /** Adds the dashboard, and the alarms if they are enabled. */
  private addOperations(sources: MetricSources): Alarms | undefined {
    const { alarms, region } = this.settings;
    const name = this.nameOf();
    const operations = new Construct(this, 'operations');
    const metrics = metricsOf(sources);
    new Dashboard(operations, 'dashboard', { name, region, metrics });
    if (!alarms.enabled) return undefined;
    const rotatedSecretArns = this.rotatedSecrets().map(({ arn }) => arn);
    const props = { name, metrics, email: alarms.email, globalProvider: this.global, rotatedSecretArns };
    return new Alarms(operations, 'alarms', props);
  }
}
