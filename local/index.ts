export { readRestApi } from './api-gateway/rest-api';
export { Applied } from './applied';
export { findMariaDb } from './database/mariadb-program';
export type { Ports } from './local-aws';
export { LocalDeployment, type LocalDeploymentOptions, readDeployed } from './local-deployment';
export { findMoto, inPythonFolder, MOTO_REQUIREMENT, PYTHON_FOLDER } from './moto/moto-program';
export { publicAddressOf } from './network/internet';
export { findProgram } from './processes/find-program';
export type { Faults } from './rds/endpoints/faults';
export { LOGIN_STAGES } from './rds/protocol/client-connection';
export type { Served } from './serving';
export {
  type ResourceChange,
  resourcesOf,
  type TerraformPlan,
  type TerraformResource,
  type TerraformState,
} from './terraform/terraform-json';
export { findTerraform } from './terraform/terraform-program';
export { TerraformProgress } from './terraform/terraform-progress';
