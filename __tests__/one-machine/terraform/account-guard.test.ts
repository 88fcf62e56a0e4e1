import { startOpenMoto, type OpenMoto } from '../../../local/__tests__/support';
import { allFeatures, synthesise } from '../../support/stack';
import { TerraformConfiguration } from '../support/terraform-configuration';

/** Account of the local AWS. */
const LOCAL_ACCOUNT = '123456789012';

/** Provider calls to AWS from a machine that may be busy. */
const TIMEOUT_MS = 240_000;

describe('an environment with an account id', () => {
  let moto: OpenMoto;
  let plan: TerraformConfiguration;

  beforeAll(async () => {
    moto = await startOpenMoto();
    plan = await TerraformConfiguration.of(configurationOf(undefined), moto.url);
  }, TIMEOUT_MS);
  afterAll(async () => {
    plan.remove();
    await moto.stop();
  });

  /** A data source for the caller's identity with each of the stack's providers. */
  function configurationOf(accountId: string | undefined): object {
    const { terraform, provider, variable } = synthesise({ ...allFeatures, ...(accountId && { accountId }) }).json;
    const caller = { aws_caller_identity: { regional: {}, global: { provider: 'aws.global' } } };
    const { on_one_machine } = variable as Record<string, object>;
    // The local account's id is an example in AWS's documentation, which this validation would also reject.
    const withoutExamples = { ...on_one_machine, validation: undefined };
    const { required_providers } = terraform as Record<string, object>;
    return {
      terraform: { required_providers },
      provider: provider as object,
      variable: { on_one_machine: withoutExamples },
      data: caller,
    };
  }

  function refusal(accountId: string | undefined, onOneMachine: boolean): Promise<string> {
    plan.change(configurationOf(accountId));
    return plan.planErrors({ on_one_machine: onOneMachine });
  }

  it(
    'is refused with credentials of another account, by both providers',
    async () => {
      const refused = await refusal('210987654321', false);
      expect(refused.match(/AWS account ID not allowed: 123456789012/g)).toHaveLength(2);
    },
    TIMEOUT_MS,
  );

  it.each([
    ['with credentials of its account', LOCAL_ACCOUNT, false],
    ['on one machine, whose AWS has another account', '210987654321', true],
    ['with any credentials if it names no account', undefined, false],
  ])(
    'is accepted %s',
    async (_how, accountId, onOneMachine) => {
      expect(await refusal(accountId, onOneMachine)).toBe('');
    },
    TIMEOUT_MS,
  );
});
