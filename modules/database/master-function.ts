import type { Construct } from 'constructs';
import { CA_FILES } from '../compute/ca-layer';
import { LambdaFunction, type LambdaFunctionProps } from '../compute/lambda-function';
import { MYSQL_PORT } from '../network/allowed-connections';
import type { DatabaseInstance } from './database-instance';

/** The properties common to the functions that log in as the master user. */
export interface MasterFunctionBaseProps extends Required<
  Pick<LambdaFunctionProps, 'name' | 'caLayer' | 'vpc' | 'logRetentionDays'>
> {
  readonly instance: DatabaseInstance;
}

type MasterFunctionProps = MasterFunctionBaseProps &
  Pick<LambdaFunctionProps, 'description' | 'folder' | 'timeoutSeconds'> & {
    /** Environment variables in addition to those of the database. */
    readonly environment?: LambdaFunctionProps['environment'];
  };

/** A function in the VPC that logs in to the instance as its master user. The API does not invoke it. */
export class MasterFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: MasterFunctionProps) {
    const { instance, name, description, folder, caLayer, vpc, timeoutSeconds, logRetentionDays } = props;
    super(scope, id, {
      name,
      description,
      folder,
      caLayer,
      vpc,
      timeoutSeconds,
      logRetentionDays,
      memoryMib: 256,
      environment: {
        ...props.environment,
        DB_HOST: instance.host,
        DB_PORT: String(MYSQL_PORT),
        DB_CA_FILE: CA_FILES.instance,
        DB_SECRET_ARN: instance.masterSecretArn,
      },
    });
    instance.grantReadMasterSecret(this.role);
    this.keepActive();
  }
}
