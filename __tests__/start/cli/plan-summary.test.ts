import { planSummary } from '../../../start/cli/plan-summary';
import type { ResourceChange } from '../../../local';

type Change = ResourceChange['change'];

const planned = (address: string, ...actions: Change['actions'][number][]): ResourceChange => ({
  address,
  type: address.split('.')[0] ?? '',
  change: { actions, before: null, after: null, after_unknown: {} },
});

/** Returns the summary of a plan that updates one resource. */
function summaryOfUpdate(address: string, values: Partial<Change>): string {
  const { change, ...resource } = planned(address, 'update');
  return planSummary({ resource_changes: [{ ...resource, change: { ...change, ...values } }] }).text;
}

describe('the summary of a plan', () => {
  it('counts added, changed, replaced and destroyed resources, but not unchanged or read ones', () => {
    const { text } = planSummary({
      resource_changes: [
        planned('aws_vpc.stays', 'no-op'),
        planned('data.aws_region.read', 'read'),
        planned('aws_sns_topic.new', 'create'),
        planned('aws_lambda_function.other', 'update'),
        planned('aws_api_gateway_deployment.live', 'create', 'delete'),
        planned('aws_sns_topic.old', 'delete'),
      ],
    });
    expect(text.split('\n')).toEqual([
      '1 to add, 1 to change, 1 to replace, 1 to destroy',
      '  replaces aws_api_gateway_deployment.live',
      '  destroys aws_sns_topic.old',
      '  changes aws_lambda_function.other: ',
    ]);
  });

  it('names the attributes that change in place; it omits values, tags_all and attributes that AWS sets', () => {
    const before = { require_tls: false, debug_logging: false, tags_all: { a: '1' }, arn: 'arn' };
    const after = { require_tls: true, debug_logging: false, tags_all: { a: '2' } };
    const text = summaryOfUpdate('aws_db_proxy.iam', { before, after, after_unknown: { arn: true } });
    expect(text).toMatch(/ {2}changes aws_db_proxy\.iam: require_tls$/);
  });

  it('names tags_all if only the provider’s default tags change', () => {
    const before = { tags: { Name: 'dev' }, tags_all: { Name: 'dev' } };
    const after = { tags: { Name: 'dev' }, tags_all: { Name: 'dev', Team: 'data' } };
    const text = summaryOfUpdate('aws_vpc.main', { before, after, after_unknown: { arn: true } });
    expect(text).toMatch(/ {2}changes aws_vpc\.main: tags_all$/);
  });

  it('names attributes whose new values only AWS knows, if no other attribute changes', () => {
    const text = summaryOfUpdate('aws_api_gateway_stage.live', { after_unknown: { deployment_id: true } });
    expect(text).toContain('live: deployment_id');
  });

  it('lists a dozen changes in place and counts the rest', () => {
    const changes = Array.from({ length: 14 }, (_, index) => planned(`aws_iam_role.number-${index}`, 'update'));
    const lines = planSummary({ resource_changes: changes }).text.split('\n');
    expect(lines.slice(-2)).toEqual(['  changes aws_iam_role.number-11: ', '  changes 2 more in place']);
  });

  it('has an outcome in the past tense', () => {
    const changes = [planned('aws_sns_topic.a', 'create'), planned('aws_db_proxy.iam', 'delete', 'create')];
    expect(planSummary({ resource_changes: changes }).outcome).toBe('1 added, 1 replaced');
  });

  it('names what the replacement of a proxy interrupts, and lists no lost data', () => {
    const { text, losses } = planSummary({ resource_changes: [planned('aws_db_proxy.iam', 'delete', 'create')] });
    expect(text).toContain('replaces aws_db_proxy.iam: logins through it fail until the new one is available');
    expect(losses).toEqual([]);
  });

  it('names the data that a replacement deletes', () => {
    const { losses } = planSummary({ resource_changes: [planned('aws_db_instance.database', 'delete', 'create')] });
    expect(losses).toEqual(['the database, with all its data (aws_db_instance.database)']);
  });

  it('names the data that is destroyed, but no password, because the next deployment generates a new one', () => {
    const changes = ['aws_db_instance.database', 'aws_secretsmanager_secret.timestamps'];
    const { losses } = planSummary({ resource_changes: changes.map((address) => planned(address, 'delete')) });
    expect(losses).toEqual(['the database, with all its data (aws_db_instance.database)']);
  });

  it('has counts of 0 and no losses for an empty plan', () => {
    expect(planSummary({})).toEqual({
      text: '0 to add, 0 to change, 0 to replace, 0 to destroy',
      outcome: 'nothing changed',
      losses: [],
    });
  });
});
