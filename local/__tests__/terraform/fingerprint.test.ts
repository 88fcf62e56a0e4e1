import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprint } from '../../terraform/fingerprint';

let stack: string;

beforeEach(() => {
  stack = mkdtempSync(join(tmpdir(), 'stack-'));
  mkdirSync(join(stack, 'assets'));
  writeFileSync(join(stack, 'cdk.tf.json'), '{}');
  writeFileSync(join(stack, 'assets', 'a.zip'), 'zip');
});

afterEach(() => rmSync(stack, { recursive: true }));

describe('the fingerprint of a stack', () => {
  it('stays the same if a file is written again with the same content', () => {
    const original = fingerprint(stack);
    writeFileSync(join(stack, 'cdk.tf.json'), '{}');
    expect(fingerprint(stack)).toBe(original);
  });

  it.each([
    ['the configuration', () => writeFileSync(join(stack, 'cdk.tf.json'), '{"resource":{}}')],
    ['a zip', () => writeFileSync(join(stack, 'assets', 'a.zip'), 'another zip')],
    ['the name of a zip', () => renameSync(join(stack, 'assets', 'a.zip'), join(stack, 'assets', 'b.zip'))],
    ['an additional file, even an empty one', () => writeFileSync(join(stack, 'empty'), '')],
  ])('changes with %s', (_what, change) => {
    const original = fingerprint(stack);
    change();
    expect(fingerprint(stack)).not.toBe(original);
  });
});
