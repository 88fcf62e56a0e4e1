import { join } from 'node:path';
import { DataAwsSsmParameter } from '@cdktf/provider-aws/lib/data-aws-ssm-parameter';
import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile';
import { Instance } from '@cdktf/provider-aws/lib/instance';
import type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { regionCertificates } from '../compute/ca-layer';
import type { DatabaseInstance } from '../database/database-instance';
import { ServiceRole } from '../iam/service-role';
import { MYSQL_PORT } from '../network/allowed-connections';
import { readText } from '../text-file';

export interface ClientHostProps {
  readonly name: string;
  readonly region: string;
  /** EC2 instance type with a Graviton2 processor or newer. */
  readonly instanceType: string;
  /** A public subnet: there is no NAT, and the host needs the internet for Session Manager and packages. */
  readonly subnet: Subnet;
  readonly securityGroup: SecurityGroup;
  readonly instance: DatabaseInstance;
  readonly databaseName: string;
  /** The host may log in by IAM as each of these database users. */
  readonly users: readonly string[];
  /** Routes to the internet: the host downloads packages when it first starts. */
  readonly dependsOn: readonly ITerraformDependable[];
}

const IMAGE = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';

/**
 * The actions that the Systems Manager agent on the host needs for sessions. They are allowed on `*`, as in AWS's example. The managed
 * policy AmazonSSMManagedInstanceCore would also let everyone on the host read all parameters of the account.
 *
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
 */
const SESSION_MANAGER = [
  'ssm:UpdateInstanceInformation',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
];

/**
 * The bastion: an EC2 host in the VPC with MariaDB's client. People connect through Session Manager; no port is open.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.AWSCLI.html
 */
export class ClientHost extends Construct {
  readonly arn: string;
  readonly instanceId: string;

  constructor(scope: Construct, id: string, props: ClientHostProps) {
    super(scope, id);
    const role = new ServiceRole(this, 'role', { name: props.name, service: 'ec2.amazonaws.com' });
    role.grant('SessionManager', { actions: SESSION_MANAGER, resources: ['*'] });
    for (const user of props.users) props.instance.grantConnect(role, user);

    const host = new Instance(this, 'host', {
      ami: new DataAwsSsmParameter(this, 'image', { name: IMAGE }).value,
      instanceType: props.instanceType,
      subnetId: props.subnet.id,
      vpcSecurityGroupIds: [props.securityGroup.id],
      associatePublicIpAddress: true,
      iamInstanceProfile: new IamInstanceProfile(this, 'profile', { name: props.name, role: role.name }).name,
      metadataOptions: { httpTokens: 'required', httpEndpoint: 'enabled', httpPutResponseHopLimit: 1 },
      // Size in GiB: the minimum for the image.
      rootBlockDevice: { encrypted: true, volumeType: 'gp3', volumeSize: 8 },
      userData: userData(props),
      userDataReplaceOnChange: true,
      tags: { Name: props.name },
      // Neither a newer image nor the missing public address of a stopped host may replace the host:
      // https://github.com/hashicorp/terraform-provider-aws/issues/33775
      lifecycle: { ignoreChanges: ['ami', 'associate_public_ip_address'] },
      dependsOn: [...role.permissions, ...props.dependsOn],
    });
    this.arn = host.arn;
    this.instanceId = host.id;
  }
}

/** Builds the script that sets up the host. It contains no secrets. It names no users, because a changed script replaces the host. */
function userData(props: ClientHostProps): string {
  const connect = fill('connect.sh', {
    HOST: props.instance.host,
    PORT: String(MYSQL_PORT),
    REGION: props.region,
    DATABASE: props.databaseName,
  });
  return fill('user-data.sh', { CA_BUNDLE: regionCertificates(props.region).trim(), CONNECT: connect.trim() });
}

/** Reads a script of this folder, escapes Terraform's `${`, and replaces each `@NAME@`. */
function fill(script: string, values: Readonly<Record<string, string>>): string {
  const text = readText(join(__dirname, script)).replaceAll('${', () => '$${');
  return text.replace(/@([A-Z_]+)@/g, (place, name: string) => values[name] ?? place);
}
