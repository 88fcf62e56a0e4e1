import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../modules/app';
import type { Environment } from '../../modules/settings/settings';
import { noFeatures } from '../support/stack';

const OTHER: Environment = { ...noFeatures, name: 'other' };

let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'app-'))));
afterEach(() => rmSync(folder, { recursive: true }));

interface Manifest {
  readonly stacks: Readonly<Record<string, { readonly annotations: readonly { level: string; message: string }[] }>>;
}

describe('the app', () => {
  it('has a stack for each environment, and a warning in the later of two stacks whose VPCs overlap', () => {
    createApp([noFeatures, OTHER], folder).synth();
    const { stacks } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
    expect(Object.keys(stacks).sort()).toEqual(['other', 'test']);
    expect(stacks[noFeatures.name]?.annotations).toEqual([]);
    expect(stacks[OTHER.name]?.annotations).toContainEqual(
      expect.objectContaining({
        level: '@cdktf/warn',
        message: expect.stringContaining('overlaps 10.20.0.0/16 of environment test') as string,
      }),
    );
  });

  it('is not created if the settings of one environment are invalid', () => {
    expect(() => createApp([noFeatures, { ...OTHER, region: 'nowhere' }], folder)).toThrow(/^Environment other: /);
  });
});
