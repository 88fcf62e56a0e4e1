import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { Connection } from 'mysql2/promise';
import type { Container, Invocation } from '../../../local/__tests__/support';
import { responseOf, getEvent, Rds } from '../support/rds';

jest.setTimeout(120_000);

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

let rds: Rds;
let rotation: Container;
/** Runs the steps that Secrets Manager invokes at the same time as the first container's. */
let secondRotation: Container;
let bootstrap: Container;
let func1: Container;

beforeAll(async () => {
  rds = await Rds.start();
  await rds.putSecret('timestamps', 'first');
  const master = { DB_SECRET_ARN: rds.secretArns['admin'] ?? '', ROTATION_PAUSE_SECONDS: '0' };
  bootstrap = await rds.launch('bootstrap', 'instance', master);
  await deploy();
  rotation = await rds.launch('rotation', 'instance', master);
  secondRotation = await rds.launch('rotation', 'instance', master);
  func1 = await rds.launch('func1', 'passwordProxy', { DB_SECRET_ARN: rds.secretArns['timestamps'] ?? '' });
});

afterAll(() => rds.stop());

const HOST = '10.20.0.0/255.255.0.0';

/** Creates the user, as a deployment does. */
const makeUser = (): Promise<Invocation> =>
  bootstrap.invoke({
    database: 'app',
    users: [
      {
        name: 'timestamps',
        login: 'password',
        secretArn: rds.secretArns['timestamps'],
        host: HOST,
        maxUserConnections: 40,
        grants: [{ privileges: ['SELECT', 'INSERT'], on: ['app', 'timestamps'] }],
      },
    ],
  });

async function deploy(): Promise<void> {
  const { functionError, payload } = await makeUser();
  expect({ functionError, payload }).toMatchObject({ functionError: undefined });
}

/** Leaves the user only this password. It runs in MariaDB itself; MySQL would keep the second one. */
const setPassword = (one: string) => rds.sql(`ALTER USER 'timestamps'@'${HOST}' IDENTIFIED BY '${one}'`);

/** Gives the user a password that is in no secret. */
const changeByHand = () => setPassword('changed by hand');

/** Starts a rotation as Secrets Manager does: with a version that has a label and no value. @returns its id */
async function begin(): Promise<string> {
  const SecretId = rds.secretArns['timestamps'];
  const token = randomUUID();
  const stages = { SecretId, VersionStage: 'AWSPENDING' };
  const { pending } = await versions();
  if (pending !== undefined) {
    await rds.secrets.send(new UpdateSecretVersionStageCommand({ ...stages, RemoveFromVersionId: pending }));
  }
  const RotationLambdaARN = 'arn:aws:lambda:eu-central-1:111122223333:function:rotation';
  // moto creates the version and then finds no function to invoke; the test invokes the steps itself.
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

/** Returns the ids of the versions with a label. */
async function versions(): Promise<{ current?: string; pending?: string }> {
  const { VersionIdsToStages = {} } = await rds.secrets.send(
    new DescribeSecretCommand({ SecretId: rds.secretArns['timestamps'] }),
  );
  const labelled = (label: string) => Object.entries(VersionIdsToStages).find(([, of]) => of.includes(label))?.[0];
  const [current, pending] = [labelled('AWSCURRENT'), labelled('AWSPENDING')];
  return { ...(current && { current }), ...(pending && { pending }) };
}

const runStep = (Step: string, token: string, container = rotation): Promise<Invocation> =>
  container.invoke({ Step, SecretId: rds.secretArns['timestamps'], ClientRequestToken: token });

async function rotate(token?: string): Promise<void> {
  const version = token ?? (await begin());
  for (const step of STEPS) expect((await runStep(step, version)).functionError).toBeUndefined();
}

const errorOf = ({ payload }: Invocation): string => (JSON.parse(payload) as { errorMessage: string }).errorMessage;

/** Returns for each password whether it logs in to the instance. */
function valid(...passwords: string[]): Promise<boolean[]> {
  return Promise.all(passwords.map((one) => rds.logsIn('instance', 'timestamps', one)));
}

const password = async (stage?: string): Promise<string> => (await rds.readSecret('timestamps', stage)).password;

describe('a rotation', () => {
  it('gives the user a new password; a second rotation makes the first password invalid', async () => {
    await rotate();
    const second = await password();
    expect(second).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(await password('AWSPREVIOUS')).toBe('first');
    expect(await valid('first', second)).toEqual([true, true]);

    await rotate();
    const third = await password();
    expect(await valid('first', second, third)).toEqual([false, true, true]);
  });

  it('fails no request at any step, on an open connection or a new one', async () => {
    const token = await begin();
    for (const step of STEPS) {
      await runStep(step, token);
      expect(responseOf(await func1.invoke(getEvent())).statusCode).toBe(200);
      rds.faultsAt('passwordProxy').cut();
      expect(responseOf(await func1.invoke(getEvent())).statusCode).toBe(200);
    }
  });

  it('has the same result if every step is invoked twice', async () => {
    const before = await password();
    const token = await begin();
    for (const step of STEPS) {
      await runStep(step, token);
      expect((await runStep(step, token)).functionError).toBeUndefined();
    }
    expect((await versions()).current).toBe(token);
    expect(await valid(before, await password())).toEqual([true, true]);
  });

  it('keeps the current password valid after an interrupted rotation', async () => {
    const present = await password();
    const abandoned = await begin();
    await runStep('createSecret', abandoned);
    await runStep('setSecret', abandoned);
    const lost = await password('AWSPENDING');
    expect(await valid(present, lost)).toEqual([true, true]);

    await rotate();
    expect(await valid(present, lost, await password())).toEqual([true, false, true]);
  });

  it('restores the current password if only the next one is valid', async () => {
    const token = await begin();
    await runStep('createSecret', token);
    const both = [await password(), await password('AWSPENDING')] as const;
    await setPassword(both[1]);
    await runStep('setSecret', token);
    expect(await valid(...both)).toEqual([true, true]);
  });

  it('succeeds during a deployment, and the deployment succeeds too', async () => {
    const present = await password();
    const token = await begin();
    for (const step of STEPS) {
      expect((await runStep(step, token)).functionError).toBeUndefined();
      await deploy();
      expect(await valid(present)).toEqual([true]);
    }
    expect(await valid(present, await password())).toEqual([true, true]);
  });

  it('does not make a password current if it does not log in', async () => {
    const present = await password();
    const token = await begin();
    await runStep('createSecret', token);
    expect(errorOf(await runStep('testSecret', token))).toMatch(
      /^The user timestamps cannot log in with its new password, so the current one stays valid\. Rotate arn:\S+ again/,
    );
    expect(await password()).toBe(present);
  });

  it('repairs a user whose password is in no secret', async () => {
    await changeByHand();
    await rotate();
    expect(await valid('changed by hand', await password())).toEqual([false, true]);
  });

  it('writes no password to its log', async () => {
    const token = await begin();
    const logs: string[] = [];
    for (const step of STEPS) logs.push((await runStep(step, token)).log);
    expect(logs.join('')).toContain('"Done"');
    for (const secret of [await password(), await password('AWSPREVIOUS'), 'master password']) {
      expect(logs.join('')).not.toContain(secret);
    }
  });
});

describe('a deployment', () => {
  it('resets a changed password to the one in the secret, and leaves no other valid', async () => {
    const [present, previous] = [await password(), await password('AWSPREVIOUS')];
    await changeByHand();
    await deploy();
    expect(await valid(present, previous, 'changed by hand')).toEqual([true, false, false]);
  });

  const drifts = [
    ['was changed by hand', changeByHand],
    ['was dropped', () => rds.sql(`DROP USER 'timestamps'@'${HOST}'`)],
    ['has another host', () => rds.sql(`RENAME USER 'timestamps'@'${HOST}' TO 'timestamps'@'10.%'`)],
  ] as const;

  it.each(drifts)(
    'after any step, for a user that %s, makes the current and the next password valid, and the rotation completes',
    async (_what, drift) => {
      const token = await begin();
      for (const step of STEPS) {
        expect((await runStep(step, token)).functionError).toBeUndefined();
        const isOver = step === 'finishSecret';
        const due = [await password(), ...(isOver ? [] : [await password('AWSPENDING')])];
        await drift();
        await deploy();
        expect(await valid(...due)).toEqual(due.map(() => true));
        expect(await valid('changed by hand')).toEqual([false]);
      }
      expect((await versions()).current).toBe(token);
    },
  );
});

describe('concurrent steps and deployments', () => {
  it('leave the current and the next password valid, in any order of their statements', async () => {
    const present = await password();
    const token = await begin();
    await runStep('createSecret', token);
    for (let round = 0; round < 16; round += 1) {
      // In some runs the deployment also finds a user that cannot log in.
      await (round % 4 === 3 ? changeByHand() : setPassword(present));
      const all = [
        runStep('setSecret', token),
        sleep((round * 7) % 50).then(() => runStep('setSecret', token, secondRotation)),
        sleep((round * 13) % 100).then(makeUser),
      ];
      for (const { functionError } of await Promise.all(all)) expect(functionError).toBeUndefined();
      expect(await valid(present, await password('AWSPENDING'))).toEqual([true, true]);
    }
  });

  it('never make a password current if it does not log in', async () => {
    const work = { isDone: false };
    const watched = (async (): Promise<number> => {
      for (let times = 0; ; times += 1) {
        if (work.isDone) return times;
        expect(await valid(await password())).toEqual([true]);
      }
    })();
    for (let round = 0; round < 3; round += 1) {
      const token = await begin();
      for (const step of STEPS) {
        await Promise.all([runStep(step, token), sleep(round * 30).then(deploy)]);
      }
      expect((await versions()).current).toBe(token);
    }
    work.isDone = true;
    expect(await watched).toBeGreaterThan(12);
  });

  it('do not finish a rotation whose password has become invalid', async () => {
    const present = await password();
    const token = await begin();
    for (const step of STEPS.slice(0, 3)) await runStep(step, token);
    await changeByHand();
    expect(errorOf(await runStep('finishSecret', token))).toMatch(/^The user timestamps cannot log in with its new/);
    expect(await password()).toBe(present);
    await deploy();
    expect(await valid(present)).toEqual([true]);
  });

  /** Takes the lock, as a running rotation does. */
  async function holdLock(): Promise<Connection> {
    const holder = await rds.connect();
    await holder.query("DO GET_LOCK('passwords of timestamps', 0)");
    return holder;
  }

  it('wait for each other, and continue when the connection with the lock ends', async () => {
    const token = await begin();
    await runStep('createSecret', token);
    const holder = await holdLock();
    const running = runStep('setSecret', token);
    expect(await Promise.race([running, sleep(1_000, 'waiting')])).toBe('waiting');
    holder.destroy();
    expect((await running).functionError).toBeUndefined();
    expect(await valid(await password('AWSPENDING'))).toEqual([true]);
  });

  it('report a lock that stays taken, and change nothing', async () => {
    const present = await password();
    const token = await begin();
    await runStep('createSecret', token);
    const holder = await holdLock();
    const [setting, deploying] = await Promise.all([runStep('setSecret', token), makeUser()]);
    const reason = new RegExp(
      `Connection ${holder.threadId} has held the password lock of timestamps for 10 s: .* CALL mysql\\.rds_kill\\(${holder.threadId}\\)`,
    );
    expect(errorOf(setting)).toMatch(reason);
    expect(errorOf(deploying)).toMatch(reason);
    expect(await valid(present, await password('AWSPENDING'))).toEqual([true, false]);
    await holder.end();
  });
});

describe('a step that fails', () => {
  it.each([
    ['the database', { DB_PORT: '1' }, /does not answer$/, / is up but nothing listens on port 1: /],
    [
      'Secrets Manager',
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
      /^Secrets Manager does not answer$/,
      /^Secrets Manager is unreachable: /,
    ],
  ])('logs what to check if %s is unreachable', async (_what, unreachable, reason, check) => {
    const token = await begin();
    await runStep('createSecret', token);
    const lonely = await rds.launch('rotation', 'instance', {
      DB_SECRET_ARN: rds.secretArns['admin'] ?? '',
      ROTATION_PAUSE_SECONDS: '0',
      ...unreachable,
    });
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

it('ignores the event of the schedule that keeps it active', async () => {
  expect(await rotation.invoke({ keepActive: true })).toMatchObject({ payload: 'null' });
  expect((await rotation.invoke({ keepActive: true })).functionError).toBeUndefined();
});

describe('the function rejects', () => {
  const REMEDY =
    ': only Secrets Manager invokes this function. Start a rotation with `aws secretsmanager rotate-secret`.';
  const STEP_RULE = 'Step must be one of createSecret, setSecret, testSecret, finishSecret, got ';

  it.each([
    ['an unknown step', { Step: 'dropSecret' }, `${STEP_RULE}"dropSecret"`],
    ['a member of every object as the step', { Step: 'constructor' }, `${STEP_RULE}"constructor"`],
    ['no step', {}, `${STEP_RULE}nothing`],
    ['null', null, `${STEP_RULE}nothing`],
    ['text', 'setSecret', `${STEP_RULE}nothing`],
    ['no secret', { Step: 'setSecret' }, 'SecretId must be the ARN of a secret, got nothing'],
    [
      'a version that is not text',
      { Step: 'setSecret', SecretId: 'arn:aws:secretsmanager:x', ClientRequestToken: 1 },
      'ClientRequestToken must be the id of a version of the secret, got 1',
    ],
  ])('an event with %s', async (_what, event, error) => {
    expect(errorOf(await rotation.invoke(event))).toBe(error + REMEDY);
  });

  it.each(STEPS)('a version without a started rotation: %s', async (step) => {
    const token = randomUUID();
    expect(errorOf(await runStep(step, token))).toMatch(
      new RegExp(
        `^The secret arn:\\S+ must have the label AWSPENDING on the version ${token}, got no label: only Secrets`,
      ),
    );
  });

  it('the previous version, which is no longer pending', async () => {
    const { current = '' } = await versions();
    await rotate();
    expect(errorOf(await runStep('setSecret', current))).toContain('got AWSPREVIOUS');
  });

  it('a secret without rotation', async () => {
    const event = { Step: 'setSecret', SecretId: rds.secretArns['admin'], ClientRequestToken: randomUUID() };
    expect(errorOf(await rotation.invoke(event))).toMatch(/^The secret arn:\S+ must have rotation enabled: only/);
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
    expect(errorOf(await runStep('setSecret', token))).toMatch(
      /^The pending version of arn:\S+ must be for the user timestamps, got admin: a rotation changes only the password\./,
    );
  });

  it('a user with no account, or with two', async () => {
    const token = await begin();
    await runStep('createSecret', token);
    await rds.sql("CREATE USER timestamps@'%' IDENTIFIED BY 'open to the world'");
    expect(errorOf(await runStep('setSecret', token))).toMatch(
      /^The user timestamps must have exactly one account, got (%|10).*\. Replace the invocation of the bootstrap/,
    );
    await rds.sql("DROP USER timestamps@'%', 'timestamps'@'10.20.0.0/255.255.0.0'");
    expect(errorOf(await runStep('setSecret', token))).toBe(
      'The user timestamps must have exactly one account, got none. Replace the invocation of the bootstrap and deploy, which creates the one and drops the others.',
    );
  });
});
