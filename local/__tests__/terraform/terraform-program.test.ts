import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTerraform } from '../../terraform/terraform-program';

let folder: string;
let program: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'terraform-program-'));
  program = join(folder, 'terraform');
  jest.replaceProperty(process, 'env', { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` });
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Installs a fake Terraform that prints the text. */
const installFakeTerraform = (text: string): void =>
  writeFileSync(program, `#!/bin/sh\necho '${text}'\n`, { mode: 0o755 });

describe('Terraform', () => {
  it('is found with its version and platform', async () => {
    installFakeTerraform('{"terraform_version":"1.11.0","platform":"linux_amd64"}');
    expect(await findTerraform()).toEqual({ path: program, version: '1.11.0', platform: 'linux_amd64' });
  });

  it.each([
    ['is too old', '{"terraform_version":"1.10.5","platform":"linux_amd64"}', 'is Terraform 1.10.5, but 1.11 or newer'],
    ['is too old to print its platform', '{"terraform_version":"0.13.5"}', 'is Terraform 0.13.5, but 1.11 or newer'],
    ['prints no JSON', 'Terraform v0.12.31', 'must print version and platform as JSON, got Terraform v0.12.31.'],
  ])('is rejected if it %s; the error names the remedy', async (_what, text, reason) => {
    installFakeTerraform(text);
    const message = await findTerraform().catch(String);
    expect(message).toContain(`${program} ${reason}`);
    expect(message).toContain('version 1.11 or newer from https://releases.hashicorp.com/terraform/');
  });
});
