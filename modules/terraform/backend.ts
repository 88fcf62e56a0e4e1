import { CloudBackend, NamedCloudWorkspace, S3Backend, type TerraformStack } from 'cdktf';
import type { Settings } from '../settings/settings';

/** Configures where Terraform keeps the state. The state holds the API key, so remote state is encrypted. */
export function configureBackend(stack: TerraformStack, { name, backend }: Settings): void {
  switch (backend.type) {
    case 'local':
      // cdktf's own default: terraform.<stack>.tfstate beside cdktf.json.
      return;
    case 's3': {
      const { bucket, region } = backend;
      const s3 = new S3Backend(stack, { bucket, region, key: `login-matrix/${name}.tfstate`, encrypt: true });
      // Locks the state with a file in the bucket. cdktf has no property for this, only for the older lock in DynamoDB.
      s3.addOverride('use_lockfile', true);
      return;
    }
    case 'cloud': {
      const { organization, workspace } = backend;
      new CloudBackend(stack, { organization, workspaces: new NamedCloudWorkspace(workspace) });
    }
  }
}
