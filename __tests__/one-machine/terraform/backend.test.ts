import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTerraform } from '../../../local';
import { localEnvironment, runTerraform } from '../../../local/__tests__/support';
import type { Environment } from '../../../modules/settings/settings';
import { production, synthesise } from '../../support/stack';

/** Nothing calls this address: Terraform compares backends without a call. */
const environment = localEnvironment('http://127.0.0.1:9');

const backendOf = (settings: Environment): object => synthesise(settings).json['terraform'].backend as object;

// Terraform starts several times, on a machine that may be busy.
jest.setTimeout(120_000);

it('terraform init accepts an unchanged backend; it refuses a changed one and names the option that moves the state', async () => {
  const { path: program } = await findTerraform();
  const folder = mkdtempSync(join(tmpdir(), 'backend-'));
  const init = (backend: object): Promise<string> => {
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify({ terraform: { backend } }));
    return runTerraform({ program, arguments: ['init', '-input=false', '-no-color'], folder, environment });
  };
  const local = { local: { path: 'terraform.tfstate' } };
  await init(local);
  await init(local);
  await expect(init(backendOf(production))).rejects.toThrow(/Backend configuration changed[^]*-migrate-state/);
  rmSync(folder, { recursive: true });
});
