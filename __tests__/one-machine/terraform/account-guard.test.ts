import { startMotoOnPort, type MotoOnPort } from '../../../local/__tests__/support';
import { allFeatures, synthesise } from '../../support/stack';
import { TerraformConfiguration } from '../support/terraform-configuration';

/** Account of the local AWS. */
const LOCAL_ACCOUNT = '123456789012';

// Enough for the AWS provider's calls on a busy machine.
jest.setTimeout(240_000);

describe('the account id of an environment', () => {
  let moto: MotoOnPort;
  let configuration: TerraformConfiguration;

  beforeAll(async () => {
    moto = await startMotoOnPort();
    configuration = await TerraformConfiguration.of(configurationOf(undefined), moto.url);
  });
  afterAll(async () => {
    configuration.remove();
    await moto.stop();
  });

  /** Returns a configuration that reads the caller's identity with each of the stack's providers. */
  function configurationOf(accountId: string | undefined): object {
    const { terraform, provider, variable } = synthesise({ ...allFeatures, ...(accountId && { accountId }) }).json;
    const { on_one_machine } = variable as Record<string, object>;
    // The validation rejects the account ids of AWS's documentation, and the local account's id is one of them.
    const withoutValidation = { ...on_one_machine, validation: undefined };
    const { required_providers } = terraform as Record<string, object>;
    return {
      terraform: { required_providers },
      provider: provider as object,
      variable: { on_one_machine: withoutValidation },
      data: { aws_caller_identity: { regional: {}, global: { provider: 'aws.global' } } },
    };
  }

  function planErrors(accountId: string | undefined, { onOneMachine }: { onOneMachine: boolean }): Promise<string> {
    configuration.change(configurationOf(accountId));
    return configuration.planErrors({ on_one_machine: onOneMachine });
  }

  it('refuses credentials of another account, with both providers', async () => {
    const error = await planErrors('210987654321', { onOneMachine: false });
    expect(error.match(/AWS account ID not allowed: 123456789012/g)).toHaveLength(2);
  });

  it.each([
    ['credentials of the account with this id', LOCAL_ACCOUNT, false],
    ['the local AWS on one machine, although its account has another id', '210987654321', true],
    ['any credentials if the settings omit it', undefined, false],
  ])('accepts %s', async (_what, accountId, onOneMachine) => {
    expect(await planErrors(accountId, { onOneMachine })).toBe('');
  });
});
