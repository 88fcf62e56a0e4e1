import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as declared from '../../contract/routes/items';
import { createApp } from '../../modules/app';
import { noFeatures } from '../support/stack';
import { SynthesisedStack } from '../support/synthesised-stack';

// Makes GET /items log in by password to the instance. No declared route does, but docs/extending.md allows it.
jest.mock('../../contract/routes/items', () => {
  const { items } = jest.requireActual<typeof declared>('../../contract/routes/items');
  const user = { ...items.users.items, login: 'password', from: 'vpc' };
  return { items: { ...items, login: { ...items.login, by: 'password' }, users: { items: user } } };
});

describe('a route that logs in by password to the instance', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stack-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is deployed in the VPC, and login-check tries its login, even if proxies, IAM and /auth-matrix are off', () => {
    createApp([noFeatures], folder).synth();
    const text = readFileSync(join(folder, 'stacks', noFeatures.name, 'cdk.tf.json'), 'utf8');
    const stack = new SynthesisedStack(text);
    expect(JSON.stringify(stack.one('aws_lambda_function', 'functions_items').vpc_config)).toContain(
      stack.addressOf('aws_security_group', 'functions'),
    );
    const { input } = stack.one('aws_lambda_invocation', 'login-check') as { input: string };
    expect(JSON.parse(input)).toMatchObject({ logins: [{ route: 'GET /items', by: 'password', at: 'instance' }] });
  });
});
