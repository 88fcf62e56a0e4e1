import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { callsIn } from '../../../scripts/deployer-policy/calls';
import { deployerPolicy } from '../../../scripts/deployer-policy/policy';
import type { RunningDeployment } from '../support/running-deployment';

const ROOT = join(__dirname, '../../..');
const GENERATED = join(ROOT, '.build', 'deployer-policy.json');

const logOf = ({ folder }: RunningDeployment): string => join(folder, 'terraform.log');

/** Makes Terraform log the calls of its provider. SECURITY: the log contains passwords; it is deleted with the deployment. */
export function recordAwsCalls(running: RunningDeployment): void {
  process.env['TF_LOG_PROVIDER'] = 'DEBUG';
  process.env['TF_LOG_PATH'] = logOf(running);
}

/** Tests the policy against the recorded calls. Must come last, because the log must contain every apply, plan and destroy. */
export function testDeployerPolicy(running: RunningDeployment): void {
  it('docs/deployer-policy.json allows the calls of a deployment, and no others', () => {
    const needed = deployerPolicy(callsIn(readFileSync(logOf(running), 'utf8')));
    // If this test fails, copy the generated file to docs/.
    mkdirSync(dirname(GENERATED), { recursive: true });
    writeFileSync(GENERATED, `${JSON.stringify(needed, null, 2)}\n`);
    expect(JSON.parse(readFileSync(join(ROOT, 'docs/deployer-policy.json'), 'utf8'))).toEqual(needed);
  });
}
