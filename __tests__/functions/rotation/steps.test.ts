import { steps, type Server } from '../../../functions/rotation/steps';
import type { Query } from '../../../functions/shared/database/database';
import { secretsManager, secretText, type UserAndPassword } from '../../../functions/shared/secrets/secret';
import { logsIn } from '../../../functions/shared/users/password-login';
import { MISSING_VERSION } from '../../support/secret-values';

jest.mock('../../../functions/shared/users/password-login', () => ({ logsIn: jest.fn() }));

const ROTATION = { secretArn: 'arn:of:secret', versionId: 'v2' };
const CURRENT = { user: 'timestamps', password: 'current' };
const NEXT = { user: 'timestamps', password: 'next' };

/** A secret whose current version holds `CURRENT`. */
interface Secret {
  /** Value of the pending version. @default - it has no value yet */
  readonly pending?: UserAndPassword;
  readonly lastRotated?: Date;
  /** Staging labels by the id of the version. */
  readonly labels?: Readonly<Record<string, readonly string[]>>;
}

/** Stands in for Secrets Manager with one secret. The returned list collects the calls that change the secret. */
function withSecret({
  pending,
  lastRotated,
  labels = { v1: ['AWSCURRENT'] },
}: Secret): [name: string, input: object][] {
  const changes: [string, object][] = [];
  const answer = (name: string, input: { VersionStage?: string }): object => {
    if (name === 'DescribeSecretCommand') return { VersionIdsToStages: labels, LastRotatedDate: lastRotated };
    if (name === 'GetRandomPasswordCommand') return { RandomPassword: 'random' };
    if (name !== 'GetSecretValueCommand') {
      changes.push([name, input]);
      return {};
    }
    if (input.VersionStage === 'AWSCURRENT') return { SecretString: secretText(CURRENT) };
    if (pending === undefined) throw MISSING_VERSION;
    return { SecretString: secretText(pending) };
  };
  jest
    .spyOn(secretsManager, 'send')
    .mockImplementation((async (command: { constructor: { name: string }; input: object }) =>
      Promise.resolve(answer(command.constructor.name, command.input))) as never);
  return changes;
}

/**
 * Makes a server that grants every lock.
 *
 * @param hosts hosts of the user's accounts
 * @param valid the only passwords that log in
 */
function serverWith({ hosts = ['10.%'], valid = [] as readonly string[], minIntervalSeconds = 0 } = {}) {
  const statements: string[] = [];
  const query: Query = (sql) => {
    statements.push(sql);
    const rows = sql.includes('mysql.user') ? hosts.map((host) => ({ host })) : [{ acquired: 1 }];
    return Promise.resolve(rows as never);
  };
  jest.mocked(logsIn).mockImplementation((_target, { password }) => Promise.resolve(valid.includes(password)));
  const database = { run: (work: (query: Query) => Promise<unknown>) => work(query) };
  return { server: { target: {}, database, minIntervalSeconds } as unknown as Server, statements };
}

afterEach(() => void jest.restoreAllMocks());

describe('createSecret', () => {
  it('gives the pending version a new password for the same user', async () => {
    const changes = withSecret({});
    await steps.createSecret(ROTATION, serverWith().server);
    expect(changes).toEqual([
      [
        'PutSecretValueCommand',
        {
          SecretId: 'arn:of:secret',
          ClientRequestToken: 'v2',
          SecretString: secretText({ user: 'timestamps', password: 'random' }),
          VersionStages: ['AWSPENDING'],
        },
      ],
    ]);
  });

  it('keeps the pending password if the step is repeated, even shortly after the last rotation', async () => {
    const changes = withSecret({ pending: NEXT, lastRotated: new Date() });
    await steps.createSecret(ROTATION, serverWith({ minIntervalSeconds: 3600 }).server);
    expect(changes).toEqual([]);
  });

  it('fails shortly after the last rotation, and says when the next rotation is possible', async () => {
    const lastRotated = new Date();
    const changes = withSecret({ lastRotated });
    const inAnHour = new Date(lastRotated.getTime() + 3_600_000).toISOString();
    await expect(steps.createSecret(ROTATION, serverWith({ minIntervalSeconds: 3600 }).server)).rejects.toThrow(
      `was rotated less than 3600 s ago. A proxy may still log in with the previous password, which another rotation would invalidate. No password was changed. Rotate the secret again after ${inAnHour}; if Secrets Manager answers that a rotation is not complete, remove the label AWSPENDING first.`,
    );
    expect(changes).toEqual([]);
  });
});

describe('setSecret', () => {
  it('adds the next password to the account of the user', async () => {
    withSecret({ pending: NEXT });
    const { server, statements } = serverWith({ valid: ['current'] });
    await steps.setSecret(ROTATION, server);
    const changes = statements.filter((sql) => sql.startsWith('ALTER USER'));
    expect(changes.every((sql) => sql.startsWith("ALTER USER 'timestamps'@'10.%'"))).toBe(true);
    expect(changes.at(-1)).toContain("BY 'next' RETAIN CURRENT PASSWORD");
  });

  it('rejects a pending version for another user', async () => {
    withSecret({ pending: { ...NEXT, user: 'admin' } });
    await expect(steps.setSecret(ROTATION, serverWith().server)).rejects.toThrow(
      "The pending version of arn:of:secret must be for the user 'timestamps', got 'admin'",
    );
  });

  it.each([
    [[], 'got none'],
    [['%', '10.%'], 'got %, 10.%'],
  ])('rejects a user that does not have exactly one account: hosts %j', async (hosts, got) => {
    withSecret({ pending: NEXT });
    await expect(steps.setSecret(ROTATION, serverWith({ hosts }).server)).rejects.toThrow(
      `The user 'timestamps' must have exactly one account, ${got}. Invoke the bootstrap again with Terraform (docs/operations.md#without-rotation): the bootstrap then creates the declared account and drops the others.`,
    );
  });
});

describe('testSecret', () => {
  it('fails if the user cannot log in with the next password, and says that the current one stays valid', async () => {
    withSecret({ pending: NEXT });
    await expect(steps.testSecret(ROTATION, serverWith({ valid: ['current'] }).server)).rejects.toThrow(
      "The user 'timestamps' cannot log in with its new password, so the current one stays valid.",
    );
  });
});

describe('finishSecret', () => {
  it('moves the label AWSCURRENT to the new version', async () => {
    const changes = withSecret({ pending: NEXT });
    await steps.finishSecret(ROTATION, serverWith({ valid: ['next'] }).server);
    expect(changes).toEqual([
      [
        'UpdateSecretVersionStageCommand',
        { SecretId: 'arn:of:secret', VersionStage: 'AWSCURRENT', MoveToVersionId: 'v2', RemoveFromVersionId: 'v1' },
      ],
    ]);
  });

  it('does nothing if another run has moved the label', async () => {
    const changes = withSecret({ pending: NEXT, labels: { v2: ['AWSCURRENT'] } });
    await steps.finishSecret(ROTATION, serverWith().server);
    expect(changes).toEqual([]);
  });
});
