import { join } from 'node:path';
import { DataAwsSsmParameter } from '@cdktf/provider-aws/lib/data-aws-ssm-parameter';
import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile';
import { Instance } from '@cdktf/provider-aws/lib/instance';
import type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { MYSQL_PORT, type DatabaseInstance } from '../database/database-instance';
import { ServiceRole } from '../iam/service-role';
import { readText } from '../text-file';
import { sessionLine, tunnelHostLine, tunnelLine } from './login-lines';
import { shellPolicy, tunnelPolicy } from './session-policy';

export interface ClientHostProps {
  readonly name: string;
  readonly region: string;
  /** An Arm type. */
  readonly instanceType: string;
  /** A public one: the host reaches Session Manager and its packages over the internet, there being no NAT. */
  readonly subnet: Subnet;
  readonly securityGroup: SecurityGroup;
  readonly instance: DatabaseInstance;
  readonly databaseName: string;
  /** Whom it may log in as, by IAM. */
  readonly users: readonly string[];
  /** Certificate authorities of the region's instances, PEM. */
  readonly caBundle: string;
  /** The way to the internet, by which the host fetches its packages as it starts. */
  readonly dependsOn: readonly ITerraformDependable[];
}

const IMAGE = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';

/**
 * A host in the VPC with the stock client, for people: they come by Session Manager, and no port is open.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.AWSCLI.html
 */
export class ClientHost extends Construct {
  /** Opens a shell on the host. */
  readonly sessionLine: string;
  /** The policy of people who open a shell, JSON. */
  readonly sessionPolicy: string;
  /** Forwards a port of the laptop to the database. */
  readonly tunnelLine: string;
  /** Leads the name of the database into the tunnel. */
  readonly tunnelHostLine: string;
  /** The policy of people who forward a port, JSON. */
  readonly tunnelPolicy: string;

  constructor(scope: Construct, id: string, props: ClientHostProps) {
    super(scope, id);
    const role = new ServiceRole(this, 'role', { name: props.name, service: 'ec2.amazonaws.com' });
    role.attach('session-manager', 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore');
    for (const user of props.users) props.instance.grantConnect(role, user);

    const host = new Instance(this, 'host', {
      ami: new DataAwsSsmParameter(this, 'image', { name: IMAGE }).value,
      instanceType: props.instanceType,
      subnetId: props.subnet.id,
      vpcSecurityGroupIds: [props.securityGroup.id],
      associatePublicIpAddress: true,
      iamInstanceProfile: new IamInstanceProfile(this, 'profile', { name: props.name, role: role.name }).name,
      metadataOptions: { httpTokens: 'required', httpEndpoint: 'enabled', httpPutResponseHopLimit: 1 },
      // GiB: what the image needs.
      rootBlockDevice: { encrypted: true, volumeType: 'gp3', volumeSize: 8 },
      userData: userData(props),
      userDataReplaceOnChange: true,
      tags: { Name: props.name },
      // A newer image is no reason to replace the host.
      lifecycle: { ignoreChanges: ['ami'] },
      dependsOn: [...role.permissions, ...props.dependsOn],
    });
    const { region } = props;
    const endpoint = { region, host: props.instance.host, port: MYSQL_PORT };
    const target = { hostArn: host.arn, region };
    this.sessionLine = sessionLine(region, host.id);
    this.sessionPolicy = shellPolicy(target);
    this.tunnelLine = tunnelLine(endpoint, host.id);
    this.tunnelHostLine = tunnelHostLine(endpoint);
    this.tunnelPolicy = tunnelPolicy(target);
  }
}

/** The script that makes the host ready; it holds names and certificates, no secret, and no users, since a change replaces the host. */
function userData(props: ClientHostProps): string {
  const connect = fill('connect.sh', {
    HOST: props.instance.host,
    PORT: String(MYSQL_PORT),
    REGION: props.region,
    DATABASE: props.databaseName,
  });
  return fill('user-data.sh', { CA_BUNDLE: props.caBundle.trim(), CONNECT: connect.trim() });
}

/** A script of this folder with its `@NAME@` places filled, and what Terraform would take for its own escaped. */
function fill(script: string, values: Readonly<Record<string, string>>): string {
  const text = readText(join(__dirname, script)).replaceAll('${', () => '$${');
  return text.replace(/@([A-Z_]+)@/g, (place, name: string) => values[name] ?? place);
}
