import type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet';
import type { Construct } from 'constructs';
import { CA_FILES, type CaLayer } from '../compute/ca-layer';
import { LambdaFunction } from '../compute/lambda-function';
import { MYSQL_PORT } from '../network/allowed-connections';
import type { DatabaseInstance } from './database-instance';

/** Properties of a function that manages database users. */
export interface MasterFunctionBaseProps {
  readonly name: string;
  readonly instance: DatabaseInstance;
  readonly caLayer: CaLayer;
  readonly subnets: readonly Subnet[];
  readonly securityGroup: SecurityGroup;
  readonly logRetentionDays: number;
}

export interface MasterFunctionProps extends MasterFunctionBaseProps {
  readonly description: string;
  /** Folder of its code in `functions/`. */
  readonly folder: string;
  readonly timeoutSeconds: number;
  /** Environment variables in addition to those of the database. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A function in the VPC that logs in to the instance as its master user. The API does not invoke it. */
export class MasterFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: MasterFunctionProps) {
    // Not `...props`: callers also pass `dependsOn`, for resources that the first invocation needs. Creating the function must not
    // wait for those.
    const { name, description, folder, caLayer, timeoutSeconds, logRetentionDays } = props;
    const { instance, subnets, securityGroup, environment } = props;
    super(scope, id, {
      name,
      description,
      folder,
      caLayer,
      timeoutSeconds,
      logRetentionDays,
      memoryMib: 256,
      environment: {
        ...environment,
        DB_HOST: instance.host,
        DB_PORT: String(MYSQL_PORT),
        DB_CA_FILE: CA_FILES.instance,
        DB_SECRET_ARN: instance.masterSecretArn,
      },
      vpc: { subnets, securityGroup },
    });
    instance.grantReadMasterSecret(this.role);
    this.keepActive();
  }
}
