import { randomUUID } from 'node:crypto';
import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { Container } from '../../../local/lambda/container';
import type { Invocation } from '../../../local/lambda/invocation';
import { answerOf, get, Rds } from '../../support/rds';

jest.setTimeout(120_000);

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

let rds: Rds;
let rotation: Container;
let bootstrap: Container;
let func1: Container;

beforeAll(async () => {
  rds = await Rds.start();
  await rds.putSecret('timestamps', 'first');
  const master = { DB_SECRET_ARN: rds.secretArns['admin'] ?? '' };
  bootstrap = await rds.launch('bootstrap', 'instance', master);
  await deploy();
  rotation = await rds.launch('rotation', 'instance', master);
  func1 = await rds.launch('func1', 'passwordProxy', { DB_SECRET_ARN: rds.secretArns['timestamps'] ?? '' });
});

afterAll(() => rds.stop());

/** Makes the user, as a deployment does. */
async function deploy(): Promise<void> {
  const { functionError, payload } = await bootstrap.invoke({
    database: 'app',
    users: [
      {
        name: 'timestamps',
        login: 'password',
        secretArn: rds.secretArns['timestamps'],
        host: '10.20.0.0/255.255.0.0',
        maxUserConnections: 40,
        grants: [{ privileges: ['SELECT', 'INSERT'], on: ['app', 'timestamps'] }],
      },
    ],
  });
  expect({ functionError, payload }).toMatchObject({ functionError: undefined });
}

/** Begins a rotation as Secrets Manager does: with a version that has a label and no value. @returns its id */
async function begin(): Promise<string> {
  const SecretId = rds.secretArns['timestamps'];
  const token = randomUUID();
  const stages = { SecretId, VersionStage: 'AWSPENDING' };
  const { pending } = await versions();
  if (pending !== undefined) {
    await rds.secrets.send(new UpdateSecretVersionStageCommand({ ...stages, RemoveFromVersionId: pending }));
  }
  const RotationLambdaARN = 'arn:aws:lambda:eu-central-1:111122223333:function:rotation';
  // moto makes the version and then finds no such function; the steps are asked for here.
  await rds.secrets
    .send(
      new RotateSecretCommand({
        SecretId,
        ClientRequestToken: token,
        RotationLambdaARN,
        RotationRules: { AutomaticallyAfterDays: 30 },
      }),
    )
    .catch((error: unknown) => expect(error).toMatchObject({ name: 'ResourceNotFoundException' }));
  return token;
}

/** Ids of the versions that carry a label. */
async function versions(): Promise<{ current?: string; pending?: string }> {
  const { VersionIdsToStages = {} } = await rds.secrets.send(
    new DescribeSecretCommand({ SecretId: rds.secretArns['timestamps'] }),
  );
  const labelled = (label: string) => Object.entries(VersionIdsToStages).find(([, of]) => of.includes(label))?.[0];
  const [current, pending] = [labelled('AWSCURRENT'), labelled('AWSPENDING')];
  return { ...(current && { current }), ...(pending && { pending }) };
}

const ask = (Step: string, token: string): Promise<Invocation> =>
  rotation.invoke({ Step, SecretId: rds.secretArns['timestamps'], ClientRequestToken: token });

async function rotate(token?: string): Promise<void> {
  const version = token ?? (await begin());
  for (const step of STEPS) expect((await ask(step, version)).functionError).toBeUndefined();
}

const errorOf = ({ payload }: Invocation): string => (JSON.parse(payload) as { errorMessage: string }).errorMessage;

/** Which of these passwords log in to the instance. */
function valid(...passwords: string[]): Promise<boolean[]> {
  return Promise.all(passwords.map((one) => rds.logsIn('instance', 'timestamps', one)));
}

const password = async (stage?: string): Promise<string> => (await rds.readSecret('timestamps', stage)).password;

describe('a rotation', () => {
  it('gives the user a new password, and keeps the one before until the next rotation', async () => {
    await rotate();
    const second = await password();
    expect(second).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(await password('AWSPREVIOUS')).toBe('first');
    expect(await valid('first', second)).toEqual([true, true]);

    await rotate();
    const third = await password();
    expect(await valid('first', second, third)).toEqual([false, true, true]);
  });

  it('fails no request at any of its steps, neither of a connection nor of a new one', async () => {
    const token = await begin();
    for (const step of STEPS) {
      await ask(step, token);
      expect(answerOf(await func1.invoke(get())).statusCode).toBe(200);
      rds.endpoint('passwordProxy').cut();
      expect(answerOf(await func1.invoke(get())).statusCode).toBe(200);
    }
  });

  it('ends the same where every step is asked for twice', async () => {
    const before = await password();
    const token = await begin();
    for (const step of STEPS) {
      await ask(step, token);
      expect((await ask(step, token)).functionError).toBeUndefined();
    }
    expect((await versions()).current).toBe(token);
    expect(await valid(before, await password())).toEqual([true, true]);
  });

  it('keeps the present password valid after one that ended half-way', async () => {
    const present = await password();
    const abandoned = await begin();
    await ask('createSecret', abandoned);
    await ask('setSecret', abandoned);
    const lost = await password('AWSPENDING');
    expect(await valid(present, lost)).toEqual([true, true]);

    await rotate();
    expect(await valid(present, lost, await password())).toEqual([true, false, true]);
  });

  it('is not disturbed by a deployment, nor is a deployment by it', async () => {
    const present = await password();
    const token = await begin();
    for (const step of STEPS) {
      expect((await ask(step, token)).functionError).toBeUndefined();
      await deploy();
      expect(await valid(present)).toEqual([true]);
    }
    expect(await valid(present, await password())).toEqual([true, true]);
  });

  it('does not make a password current that does not log in', async () => {
    const present = await password();
    const token = await begin();
    await ask('createSecret', token);
    expect(errorOf(await ask('testSecret', token))).toMatch(
      /^The user timestamps does not log in with its new password, so the present one stays\. Rotate arn:\S+ again/,
    );
    expect(await password()).toBe(present);
  });

  it('repairs a user that has a password nobody knows', async () => {
    await rds.sql("ALTER USER 'timestamps'@'10.20.0.0/255.255.0.0' IDENTIFIED BY 'changed by hand'");
    await rotate();
    expect(await valid('changed by hand', await password())).toEqual([false, true]);
  });

  it('writes no password to its log', async () => {
    const token = await begin();
    const logs: string[] = [];
    for (const step of STEPS) logs.push((await ask(step, token)).log);
    expect(logs.join('')).toContain('"Done"');
    for (const secret of [await password(), await password('AWSPREVIOUS'), 'master password']) {
      expect(logs.join('')).not.toContain(secret);
    }
  });
});

describe('a deployment', () => {
  it('gives a user whose password drifted the one of the secret, and leaves it no other', async () => {
    const [present, previous] = [await password(), await password('AWSPREVIOUS')];
    await rds.sql("ALTER USER 'timestamps'@'10.20.0.0/255.255.0.0' IDENTIFIED BY 'changed by hand'");
    await deploy();
    expect(await valid(present, previous, 'changed by hand')).toEqual([true, false, false]);
  });
});

describe('a step that fails', () => {
  it.each([
    ['the database', { DB_PORT: '1' }, /does not answer$/, / is there and nothing listens at port 1: /],
    [
      'Secrets Manager',
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
      /^Secrets Manager does not answer$/,
      /^Secrets Manager is out of reach: /,
    ],
  ])('logs what to check where %s is away', async (_what, away, reason, check) => {
    const token = await begin();
    await ask('createSecret', token);
    const lonely = await rds.launch('rotation', 'instance', { DB_SECRET_ARN: rds.secretArns['admin'] ?? '', ...away });
    const event = { Step: 'setSecret', SecretId: rds.secretArns['timestamps'], ClientRequestToken: token };
    const { functionError, log } = await lonely.invoke(event);
    expect(functionError).toBe('Unhandled');
    const line = log.split('\n').find((text) => text.includes('The step failed'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      reason: expect.stringMatching(reason) as string,
      check: [expect.stringMatching(check)],
    });
  });
});

describe('the function refuses', () => {
  it('a step that is none', async () => {
    expect(errorOf(await ask('dropSecret', await begin()))).toBe(
      'Step must be one of createSecret, setSecret, testSecret, finishSecret, got "dropSecret": Secrets Manager knows no other. Start a rotation with `aws secretsmanager rotate-secret`.',
    );
  });

  it.each(STEPS)('a version that no rotation awaits: %s', async (step) => {
    const token = randomUUID();
    expect(errorOf(await ask(step, token))).toMatch(
      new RegExp(`^The secret arn:\\S+ must have the label AWSPENDING on the version ${token}, got no label: only a`),
    );
  });

  it('the version before, which is no longer pending', async () => {
    const { current = '' } = await versions();
    await rotate();
    expect(errorOf(await ask('setSecret', current))).toContain('got AWSPREVIOUS');
  });

  it('a secret that is not rotated', async () => {
    const event = { Step: 'setSecret', SecretId: rds.secretArns['admin'], ClientRequestToken: randomUUID() };
    expect(errorOf(await rotation.invoke(event))).toMatch(/^The secret arn:\S+ must have rotation switched on: only/);
  });

  it('a secret of another user', async () => {
    const token = await begin();
    await rds.secrets.send(
      new PutSecretValueCommand({
        SecretId: rds.secretArns['timestamps'],
        ClientRequestToken: token,
        SecretString: JSON.stringify({ username: 'admin', password: 'a guess' }),
        VersionStages: ['AWSPENDING'],
      }),
    );
    expect(errorOf(await ask('setSecret', token))).toMatch(
      /^The pending version of arn:\S+ must be of the user timestamps, got admin: a rotation changes the password alone\./,
    );
  });

  it('a user that has no account, or two', async () => {
    const token = await begin();
    await ask('createSecret', token);
    await rds.sql("CREATE USER timestamps@'%' IDENTIFIED BY 'open to the world'");
    expect(errorOf(await ask('setSecret', token))).toMatch(
      /^The user timestamps must have one account, got (%|10).*, /,
    );
    await rds.sql("DROP USER timestamps@'%', 'timestamps'@'10.20.0.0/255.255.0.0'");
    expect(errorOf(await ask('setSecret', token))).toBe(
      'The user timestamps must have one account, got none: the deployment makes it, and no second one. Deploy again.',
    );
  });
});
