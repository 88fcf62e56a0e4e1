import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeSecretCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { Connection } from 'mysql2/promise';
import type { Container, Invocation } from '../../../local/__tests__/support';
import { errorMessageOf, getEvent, loggedErrorOf, Rds, responseOf, VPC_HOST } from '../support/rds';

jest.setTimeout(120_000);

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

let rds: Rds;
let rotation: Container;
/** A second container of the rotation function, for steps that run at the same time as those of `rotation`. */
let secondRotation: Container;
let bootstrap: Container;
let func1: Container;

beforeAll(async () => {
  rds = await Rds.start();
  await rds.putSecret('timestamps', 'first');
  const master = { DB_SECRET_ARN: rds.secretArn('admin'), ROTATION_PAUSE_SECONDS: '0' };
  bootstrap = await rds.launch('bootstrap', 'instance', master);
  await deploy();
  rotation = await rds.launch('rotation', 'instance', master);
  secondRotation = await rds.launch('rotation', 'instance', master);
  func1 = await rds.launch('func1', 'passwordProxy', { DB_SECRET_ARN: rds.secretArn('timestamps') });
});

afterAll(() => rds.stop());

/** Creates or repairs the user, as a deployment does. */
const invokeBootstrap = (): Promise<Invocation> => bootstrap.invoke({ database: 'app', users: [rds.timestampsUser()] });

async function deploy(): Promise<void> {
  const invocation = await invokeBootstrap();
  if (invocation.functionError) throw new Error(errorMessageOf(invocation));
}

/**
 * Makes `onlyPassword` the user's only password. `rds.sql` runs the statement straight in MariaDB, because the local RDS would keep a
 * secondary password valid, as MySQL does.
 */
const setPassword = (onlyPassword: string) =>
  rds.sql(`ALTER USER 'timestamps'@'${VPC_HOST}' IDENTIFIED BY '${onlyPassword}'`);

/** Gives the user a password that is in no secret. */
const changeByHand = () => setPassword('changed by hand');

/** Starts a rotation as Secrets Manager does: with a version that has a label and no value. @returns the id of this version */
async function startRotation(): Promise<string> {
  const SecretId = rds.secretArn('timestamps');
  const token = randomUUID();
  const { pending } = await versions();
  if (pending !== undefined) {
    // An earlier test has left its rotation incomplete.
    await rds.secrets.send(
      new UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'AWSPENDING', RemoveFromVersionId: pending }),
    );
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

/** Returns the ids of the current and the pending version. */
async function versions(): Promise<{ current?: string; pending?: string }> {
  const { VersionIdsToStages = {} } = await rds.secrets.send(
    new DescribeSecretCommand({ SecretId: rds.secretArn('timestamps') }),
  );
  const labelled = (label: string) =>
    Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id]?.includes(label));
  const [current, pending] = [labelled('AWSCURRENT'), labelled('AWSPENDING')];
  return { ...(current && { current }), ...(pending && { pending }) };
}

const runStep = (Step: string, token: string, container = rotation): Promise<Invocation> =>
  container.invoke({ Step, SecretId: rds.secretArn('timestamps'), ClientRequestToken: token });

async function rotate(): Promise<void> {
  const token = await startRotation();
  for (const step of STEPS) expect((await runStep(step, token)).functionError).toBeUndefined();
}

/** Returns for each password whether it logs in to the instance. */
function logIn(...passwords: string[]): Promise<boolean[]> {
  return Promise.all(passwords.map((candidate) => rds.logsIn('instance', 'timestamps', candidate)));
}

/** Reads the user's password in the secret. */
const password = async (stage?: string): Promise<string> => (await rds.readSecret('timestamps', stage)).password;

describe('a rotation', () => {
  it('gives the user a new password; a second rotation makes the original password invalid', async () => {
    await rotate();
    const second = await password();
    expect(second).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(await password('AWSPREVIOUS')).toBe('first');
    expect(await logIn('first', second)).toEqual([true, true]);

    await rotate();
    const third = await password();
    expect(await logIn('first', second, third)).toEqual([false, true, true]);
  });

  it('makes no request fail at any step, on an open connection or a new one', async () => {
    const token = await startRotation();
    for (const step of STEPS) {
      expect((await runStep(step, token)).functionError).toBeUndefined();
      expect(responseOf(await func1.invoke(getEvent())).statusCode).toBe(200);
      rds.faultsAt('passwordProxy').cut();
      expect(responseOf(await func1.invoke(getEvent())).statusCode).toBe(200);
    }
  });

  it('has the same result if every step is invoked twice', async () => {
    const before = await password();
    const token = await startRotation();
    for (const step of STEPS) {
      await runStep(step, token);
      expect((await runStep(step, token)).functionError).toBeUndefined();
    }
    expect((await versions()).current).toBe(token);
    expect(await logIn(before, await password())).toEqual([true, true]);
  });

  it('that follows an interrupted one keeps the current password valid, and makes the abandoned password invalid', async () => {
    const present = await password();
    const abandonedToken = await startRotation();
    await runStep('createSecret', abandonedToken);
    await runStep('setSecret', abandonedToken);
    const abandonedPassword = await password('AWSPENDING');
    expect(await logIn(present, abandonedPassword)).toEqual([true, true]);

    await rotate();
    expect(await logIn(present, abandonedPassword, await password())).toEqual([true, false, true]);
  });

  it('restores the current password if only the next one is valid', async () => {
    const token = await startRotation();
    await runStep('createSecret', token);
    const [present, next] = [await password(), await password('AWSPENDING')];
    await setPassword(next);
    await runStep('setSecret', token);
    expect(await logIn(present, next)).toEqual([true, true]);
  });

  it('succeeds with a deployment after each step, and the deployments succeed too', async () => {
    const present = await password();
    const token = await startRotation();
    for (const step of STEPS) {
      expect((await runStep(step, token)).functionError).toBeUndefined();
      await deploy();
      expect(await logIn(present)).toEqual([true]);
    }
    expect(await logIn(present, await password())).toEqual([true, true]);
  });

  it('repairs a user whose password is in no secret', async () => {
    await changeByHand();
    await rotate();
    expect(await logIn('changed by hand', await password())).toEqual([false, true]);
  });

  it('writes no password to its log', async () => {
    const token = await startRotation();
    const logs: string[] = [];
    for (const step of STEPS) logs.push((await runStep(step, token)).log);
    expect(logs.join('')).toContain('"Done"');
    for (const secret of [await password(), await password('AWSPREVIOUS'), 'master password']) {
      expect(logs.join('')).not.toContain(secret);
    }
  });
});

describe('a deployment', () => {
  it('makes the current password the only valid one after a change by hand', async () => {
    const [present, previous] = [await password(), await password('AWSPREVIOUS')];
    await changeByHand();
    await deploy();
    expect(await logIn(present, previous, 'changed by hand')).toEqual([true, false, false]);
  });

  const drifts = [
    ['has a password that was changed by hand', changeByHand],
    ['was dropped', () => rds.sql(`DROP USER 'timestamps'@'${VPC_HOST}'`)],
    ['has another host', () => rds.sql(`RENAME USER 'timestamps'@'${VPC_HOST}' TO 'timestamps'@'10.%'`)],
  ] as const;

  it.each(drifts)(
    'repairs a user that %s after any step of a rotation, and the rotation completes',
    async (_what, drift) => {
      const token = await startRotation();
      for (const step of STEPS) {
        expect((await runStep(step, token)).functionError).toBeUndefined();
        const isComplete = step === 'finishSecret';
        const next = isComplete ? [] : [await password('AWSPENDING')];
        const validPasswords = [await password(), ...next];
        await drift();
        await deploy();
        expect(await logIn(...validPasswords)).toEqual(validPasswords.map(() => true));
        expect(await logIn('changed by hand')).toEqual([false]);
      }
      expect((await versions()).current).toBe(token);
    },
  );
});

describe('rotation steps and deployments', () => {
  it('leave the current and the next password valid, even if they run at the same time', async () => {
    const present = await password();
    const token = await startRotation();
    await runStep('createSecret', token);
    for (let round = 0; round < 16; round += 1) {
      // Every fourth round starts with a user that cannot log in.
      await (round % 4 === 3 ? changeByHand() : setPassword(present));
      const concurrent = [
        runStep('setSecret', token),
        sleep((round * 7) % 50).then(() => runStep('setSecret', token, secondRotation)),
        sleep((round * 13) % 100).then(invokeBootstrap),
      ];
      for (const { functionError } of await Promise.all(concurrent)) expect(functionError).toBeUndefined();
      expect(await logIn(present, await password('AWSPENDING'))).toEqual([true, true]);
    }
  });

  it('never make an invalid password current', async () => {
    let isOver = false;
    const watch = async (): Promise<number> => {
      let times = 0;
      for (; !isOver; times += 1) expect(await logIn(await password())).toEqual([true]);
      return times;
    };
    const watching = watch();
    try {
      for (let round = 0; round < 3; round += 1) {
        const token = await startRotation();
        for (const step of STEPS) {
          await Promise.all([runStep(step, token), sleep(round * 30).then(deploy)]);
        }
        expect((await versions()).current).toBe(token);
      }
    } finally {
      isOver = true;
    }
    // `watch` logged in more than once for each step, on average: three rotations have 12 steps.
    expect(await watching).toBeGreaterThan(12);
  });

  it('do not finish a rotation if a change by hand has made the new password invalid', async () => {
    const present = await password();
    const token = await startRotation();
    for (const step of STEPS.slice(0, 3)) await runStep(step, token);
    await changeByHand();
    expect(errorMessageOf(await runStep('finishSecret', token))).toMatch(
      /^The user 'timestamps' cannot log in with its new/,
    );
    expect(await password()).toBe(present);
    await deploy();
    expect(await logIn(present)).toEqual([true]);
  });

  let lockHolder: Connection | undefined;

  // Releases the lock even after a failed test; otherwise later tests would fail too.
  afterEach(() => lockHolder?.destroy());

  /** Opens a connection that holds the password lock, as a running rotation does. */
  async function holdLock(): Promise<Connection> {
    lockHolder = await rds.connect();
    await lockHolder.query("DO GET_LOCK('passwords of timestamps', 0)");
    return lockHolder;
  }

  it('wait for the password lock, and continue when the connection that holds it ends', async () => {
    const token = await startRotation();
    await runStep('createSecret', token);
    const holder = await holdLock();
    const waiting = [runStep('setSecret', token), invokeBootstrap()];
    expect(await Promise.race([...waiting, sleep(1_000, 'waiting')])).toBe('waiting');
    holder.destroy();
    for (const { functionError } of await Promise.all(waiting)) expect(functionError).toBeUndefined();
    expect(await logIn(await password('AWSPENDING'))).toEqual([true]);
  });

  it('report a lock that stays taken, and change nothing', async () => {
    const present = await password();
    const token = await startRotation();
    await runStep('createSecret', token);
    const { threadId } = await holdLock();
    const [step, deployment] = await Promise.all([runStep('setSecret', token), invokeBootstrap()]);
    const reason = new RegExp(
      `Connection ${threadId} still holds the password lock of 'timestamps' after 10 s, .* CALL mysql\\.rds_kill\\(${threadId}\\)`,
    );
    expect(errorMessageOf(step)).toMatch(reason);
    expect(errorMessageOf(deployment)).toMatch(reason);
    expect(await logIn(present, await password('AWSPENDING'))).toEqual([true, false]);
  });
});

describe('a step that fails', () => {
  it.each([
    ['the database', { DB_PORT: '1' }, /is unavailable$/, / is up but nothing listens on port 1: /],
    [
      'Secrets Manager',
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
      /^Secrets Manager does not answer$/,
      /^Secrets Manager is unreachable: /,
    ],
  ])('logs what to check if %s is unreachable', async (_what, unreachable, reason, check) => {
    const token = await startRotation();
    await runStep('createSecret', token);
    const cutOff = await rds.launch('rotation', 'instance', {
      DB_SECRET_ARN: rds.secretArn('admin'),
      ROTATION_PAUSE_SECONDS: '0',
      ...unreachable,
    });
    const invocation = await runStep('setSecret', token, cutOff);
    expect(invocation.functionError).toBe('Unhandled');
    expect(loggedErrorOf(invocation)).toMatchObject({
      message: 'The step failed',
      reason: expect.stringMatching(reason) as string,
      check: [expect.stringMatching(check)],
    });
  });
});

it('the rotation function ignores the event of the schedule that keeps it active', async () => {
  const { payload, functionError } = await rotation.invoke({ keepActive: true });
  expect({ payload, functionError }).toEqual({ payload: 'null', functionError: undefined });
});

describe('the rotation function rejects', () => {
  const REMEDY = '. Do not invoke this function by hand: start a rotation with `aws secretsmanager rotate-secret`.';
  const STEP_RULE = 'Step must be one of createSecret, setSecret, testSecret, finishSecret, got ';

  it.each([
    ['an unknown step', { Step: 'dropSecret' }, `${STEP_RULE}"dropSecret"`],
    ['the name of an inherited property as the step', { Step: 'constructor' }, `${STEP_RULE}"constructor"`],
    ['no fields (null)', null, `${STEP_RULE}nothing`],
    ['no secret', { Step: 'setSecret' }, 'SecretId must be the ARN of a secret, got nothing'],
    [
      'a version that is not text',
      { Step: 'setSecret', SecretId: 'arn:aws:secretsmanager:x', ClientRequestToken: 1 },
      'ClientRequestToken must be the id of a version of the secret, got 1',
    ],
  ])('an event with %s', async (_what, event, error) => {
    expect(errorMessageOf(await rotation.invoke(event))).toBe(error + REMEDY);
  });

  it('a version for which no rotation was started', async () => {
    const token = randomUUID();
    expect(errorMessageOf(await runStep('createSecret', token))).toMatch(
      new RegExp(
        `^The secret arn:\\S+ must have the label AWSPENDING on the version ${token}, got no label\\. Do not invoke`,
      ),
    );
  });

  it('the previous version, which is no longer pending', async () => {
    const { current = '' } = await versions();
    await rotate();
    expect(errorMessageOf(await runStep('setSecret', current))).toContain('got AWSPREVIOUS');
  });

  it('a secret without rotation', async () => {
    const event = { Step: 'setSecret', SecretId: rds.secretArn('admin'), ClientRequestToken: randomUUID() };
    expect(errorMessageOf(await rotation.invoke(event))).toMatch(
      /^The secret arn:\S+ must have rotation enabled\. A deployment enables it for .*\. Do not invoke/,
    );
  });
});
