import { secretArn } from '../../aws-api/secrets';
import { appliedOf } from '../support/http-state';

const PREFIX = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:';
const [OWN, OWN_2, MASTER] = [`${PREFIX}own-AbCdEf`, `${PREFIX}own-2-GhIjKl`, `${PREFIX}rds!db-master-MnOpQr`];

const applied = appliedOf({
  aws_secretsmanager_secret: [{ arn: OWN_2 }, { arn: OWN }],
  aws_db_instance: [{ master_user_secret: [{ secret_arn: MASTER }] }, { master_user_secret: [] }],
});

describe('the ARN of a secret', () => {
  it.each([
    ['own', OWN],
    ['own-2', OWN_2],
    [OWN, OWN],
    [`${PREFIX}own`, OWN],
    ['rds!db-master', MASTER],
    [MASTER, MASTER],
  ])('is found by %s', (secretId, arn) => {
    expect(secretArn(applied, secretId, PREFIX)).toBe(arn);
  });

  it('has no random ending if the secret does not exist', () => {
    expect(secretArn(applied, 'missing', PREFIX)).toBe(`${PREFIX}missing`);
    expect(secretArn(applied, 'ow', PREFIX)).toBe(`${PREFIX}ow`);
  });

  it('of another account stays as it is', () => {
    const foreign = 'arn:aws:secretsmanager:eu-central-1:210987654321:secret:own-AbCdEf';
    expect(secretArn(applied, foreign, PREFIX)).toBe(foreign);
  });
});
