import { startOpenMoto, type OpenMoto } from '../../../local/__tests__/support';
import { everything, synthesise } from '../../support/stack';
import { TerraformPlan } from '../support/terraform-plan';

/** Account of the local AWS. */
const LOCAL_ACCOUNT = '123456789012';

describe('an environment with an account id', () => {
  let moto: OpenMoto;

  beforeAll(async () => {
    moto = await startOpenMoto();
  }, 120_000);
  afterAll(() => moto.stop());

  /** Plans a data source for the caller's identity with each of the stack's providers. */
  async function refusal(accountId: string | undefined, onOneMachine: boolean): Promise<string> {
    const { terraform, provider, variable } = synthesise({ ...everything, ...(accountId && { accountId }) }).json;
    const caller = { aws_caller_identity: { regional: {}, global: { provider: 'aws.global' } } };
    const { on_one_machine } = variable as Record<string, object>;
    // An id from AWS's documentation, which would also be rejected as an example.
    const withoutExamples = { ...on_one_machine, validation: undefined };
    const { required_providers } = terraform as Record<string, object>;
    const configuration = {
      terraform: { required_providers },
      provider: provider as object,
      variable: { on_one_machine: withoutExamples },
      data: caller,
    };
    const plan = await TerraformPlan.of(configuration, moto.url);
    const refused = await plan.refusal({ on_one_machine: onOneMachine });
    plan.remove();
    return refused;
  }

  it('is refused with credentials of another account, by both providers', async () => {
    const refused = await refusal('210987654321', false);
    expect(refused.match(/AWS account ID not allowed: 123456789012/g)).toHaveLength(2);
  }, 120_000);

  it.each([
    ['with credentials of its account', LOCAL_ACCOUNT, false],
    ['on one machine, whose AWS has another account', '210987654321', true],
    ['with any credentials if it names no account', undefined, false],
  ])(
    'is accepted %s',
    async (_how, accountId, onOneMachine) => {
      expect(await refusal(accountId, onOneMachine)).toBe('');
    },
    120_000,
  );
});
