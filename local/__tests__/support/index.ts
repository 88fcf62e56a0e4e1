/**
 * The export `./testing` of this package, for tests of a deployment. It has clients, a small deployment with a database, and
 * parts of the package that tests can run separately.
 */
export { HOSTS, REGION, SECRETS, VPC_CONFIG, type Resources } from './applied';
export { AwsClient } from './aws-client';
export { connectTo, type DriverLogin } from './driver';
export { trustPolicy } from './functions';
export { call, type HttpRequest, type HttpResponse } from './http-client';
export { API_HOST, API_KEY, appliedOf, functionArn, restApi } from './http-state';
export { type EndpointName, FUNCTION_CREDENTIALS, LocalDatabase } from './local-database';
export { Logs } from './logs';
export { startMotoOnPort, type MotoOnPort } from './moto-on-port';

export { startApiGateway, type RunningApiGateway } from '../../api-gateway/server';
export { CertificateAuthority } from '../../certificates/certificate-authority';
export { MariaDb } from '../../database/mariadb';
export { toAwsCall } from '../../http/aws-call';
export { Container } from '../../lambda/container';
export type { Invocation } from '../../lambda/invocation';
export { LocalAws } from '../../local-aws';
export { listen } from '../../processes/listen';
export { createOrUpdateMasterUser } from '../../rds/instance/master-user';
export { findProviderSource } from '../../terraform/cli-configuration';
export { adaptToOlderProvider, needsNewerProvider } from '../../terraform/older-provider';
export { parseStateFile } from '../../terraform/state-file';
export { Terraform, type TerraformOptions } from '../../terraform/terraform';
export { localEnvironment, runTerraform } from '../../terraform/terraform-process';
