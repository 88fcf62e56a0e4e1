import { configureBackend } from '../../../modules/terraform/backend';
import { parseSettings, type Environment } from '../../../modules/settings/settings';
import { requiredSettings } from '../../support/settings';
import { synthesiseAlone } from '../../support/synthesised-stack';

/** Returns the backend in the synthesised configuration. @param backend the setting */
function backendOf(backend: Environment['backend']): unknown {
  const { json } = synthesiseAlone((stack) => configureBackend(stack, parseSettings({ ...requiredSettings, backend })));
  const terraform = (json['terraform'] ?? {}) as { backend?: object; cloud?: object };
  return terraform.cloud === undefined ? terraform.backend : { cloud: terraform.cloud };
}

describe('the state', () => {
  it('in S3 is encrypted and locked, with one object for each environment', () => {
    expect(backendOf({ type: 's3', bucket: 'acme-state', region: 'eu-west-1' })).toEqual({
      s3: {
        bucket: 'acme-state',
        region: 'eu-west-1',
        key: 'login-matrix/test.tfstate',
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  it('in Terraform Cloud is in one workspace', () => {
    expect(backendOf({ type: 'cloud', organization: 'acme', workspace: 'login-matrix-test' })).toEqual({
      cloud: { organization: 'acme', workspaces: { name: 'login-matrix-test' } },
    });
  });

  it('is by default left to CDKTF, which keeps it in a local file', () => {
    expect(backendOf(undefined)).toBeUndefined();
  });
});
