import { problemsOf } from '../../support/settings';
import { allFeatures, synthesise } from '../../support/stack';
import { TerraformConfiguration } from '../support/terraform-configuration';

const stack = synthesise(allFeatures);
const { variable } = stack.json as { variable: Record<string, object> };

type Version = 'ipv4' | 'ipv6';

const settingsAccept = (version: Version, blocks: readonly string[]): boolean => {
  const allowlist = { ipv4: ['203.0.113.0/24'], ipv6: ['2001:db8:1::/48'], [version]: blocks };
  return problemsOf({ ...allFeatures, edge: { allowlist } }).length === 0;
};

/** IP version of an allowlist, and the blocks of the list. */
type List = readonly [version: Version, ...blocks: string[]];

const ACCEPTED: readonly List[] = [
  ['ipv4', '198.51.100.0/24'],
  ['ipv4', '198.51.100.7/32'],
  ['ipv4', '192.0.2.0/24'],
  ['ipv4', '0.0.0.0/1'],
  ['ipv4', '0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/2'],
  ['ipv4', '198.51.100.0/24', '198.51.100.7/32'],
  ['ipv4'],
  ['ipv6', '2001:db8::/32'],
  ['ipv6', '2001:db8:2::/48', '2a00::/12'],
  ['ipv6', '2001:DB8:2:0::/48'],
  ['ipv6', '2001:db8:0:0:0:0:0:1/128'],
  ['ipv6', '2000::/4'],
  ['ipv6', '2001:db8::1/128', '2001:db8::2/128'],
  ['ipv6', '2001:db8:ffff:ffff:ffff:ffff:ffff:fffe/127', '2001:db8::/127'],
];

const REFUSED: readonly List[] = [
  ...[
    '198.51.100.7/24',
    '198.51.100.7',
    '198.51.100.0/33',
    '198.51.100.0/024',
    '198.051.100.0/24',
    ' 198.51.100.0/24',
    '198.51.100.0/24 ',
    '198.51.100.0/24/24',
    '198.51.100/24',
    '0.0.0.0/0',
    '0.0.0.0/00',
    '2001:db8:1::/48',
    'anywhere',
    '',
    '192.168.1.0/24',
    '10.0.0.0/8',
    '10.1.2.3/32',
    '172.16.0.0/12',
    '100.64.0.0/10',
    '127.0.0.1/32',
    '169.254.0.0/16',
    '192.0.0.0/24',
    '198.18.0.0/15',
    '224.0.0.0/3',
    '224.0.0.0/4',
    '240.0.0.0/4',
    '255.255.255.255/32',
  ].map((block): List => ['ipv4', block]),
  ['ipv4', '198.51.100.0/24', '198.51.100.0/24'],
  // Each of the next four lists covers all public addresses.
  ['ipv4', '0.0.0.0/1', '128.0.0.0/1'],
  ['ipv4', '0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/1'],
  ['ipv4', '128.0.0.0/1', '64.0.0.0/2', '0.0.0.0/2', '198.51.100.7/32'],
  ['ipv4', '0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/3'],
  ...[
    '2001:db8:2::7/48',
    '2001:db8::1',
    '2001:db8::/129',
    '2001:db8::/032',
    '2001:0db8:00000::/48',
    '2001:db8:::/48',
    '2001:db8::1::/64',
    '1:2:3:4:5:6:7:8:9/128',
    'fe80::1%eth0/128',
    '::ffff:198.51.100.7/128',
    '::ffff:c633:6407/128',
    '::/0',
    '198.51.100.0/24',
    'anywhere',
    'fd00::/8',
    'fe80::/10',
    '::1/128',
    '::/128',
    'ff00::/8',
    '64:ff9b::/96',
    '2000::/3',
    '::/1',
  ].map((block): List => ['ipv6', block]),
  ['ipv6', '2001:db8::/32', '2001:DB8:0::/32'],
  ['ipv6', '2001:db8::1/128', '2001:db8:0:0:0:0:0:1/128'],
  ['ipv6', '2001:db8::3/127'],
  // Each of the last three lists covers all public addresses.
  ['ipv6', '::/1', '8000::/1'],
  ['ipv6', '2000::/4', '3000::/4'],
  ['ipv6', '3000::/4', '2000::/5', '2800::/5'],
];

const CASES = [
  ...ACCEPTED.map(([version, ...blocks]) => ({ verdict: 'accept', version, blocks })),
  ...REFUSED.map(([version, ...blocks]) => ({ verdict: 'refuse', version, blocks })),
].map((list, index) => ({ ...list, variableName: `case${index}_${list.version}_cidrs` }));

/** Returns the variables of a case. Their names contain the number of the case, so that one plan evaluates all cases. */
function variablesOf({ variableName, blocks }: (typeof CASES)[number], index: number): Record<string, object> {
  const json = JSON.stringify(variable)
    .replace(/office_(ipv[46])_cidrs/g, `case${index}_$1_cidrs`)
    .replaceAll('on_one_machine', `case${index}_on_one_machine`);
  const variables = JSON.parse(json) as typeof variable;
  return { ...variables, [variableName]: { ...variables[variableName], default: blocks } };
}

describe('the settings and the Terraform variables for the offices', () => {
  let refusedNames: Set<string>;

  beforeAll(async () => {
    const configuration = await TerraformConfiguration.of({
      variable: Object.assign({}, ...CASES.map(variablesOf)) as object,
    });
    const refusal = await configuration.planErrors();
    refusedNames = new Set([...refusal.matchAll(/(case\d+_ipv[46]_cidrs) must/g)].map(([, name = '']) => name));
    configuration.remove();
  }, 120_000);

  it.each(CASES)('$verdict the $version list $blocks', ({ verdict, version, blocks, variableName }) => {
    expect(settingsAccept(version, blocks)).toBe(verdict === 'accept');
    expect(refusedNames.has(variableName)).toBe(verdict === 'refuse');
  });

  it('refuse more blocks than an IP set can have', () => {
    const addresses = (count: number): string[] =>
      Array.from({ length: count }, (_, index) => `198.20.${index >> 8}.${index & 255}/32`);
    expect(settingsAccept('ipv4', addresses(10_000))).toBe(true);
    expect(settingsAccept('ipv4', addresses(10_001))).toBe(false);
    expect(JSON.stringify(variable['office_ipv4_cidrs'])).toContain('length(var.office_ipv4_cidrs) <= 10000');
  });

  it('refuse more than 200 IPv6 blocks, because the AWS provider compares them slowly', () => {
    const blocks = (count: number): string[] => Array.from({ length: count }, (_, index) => `2a00:${index}::/48`);
    expect(settingsAccept('ipv6', blocks(200))).toBe(true);
    expect(settingsAccept('ipv6', blocks(201))).toBe(false);
    expect(JSON.stringify(variable['office_ipv6_cidrs'])).toContain('length(var.office_ipv6_cidrs) <= 200');
  });
});

describe('the office addresses of a deployment', () => {
  let configuration: TerraformConfiguration;

  beforeAll(async () => {
    // Puts the preconditions of the IP sets on `terraform_data` resources, whose plan needs no AWS.
    const ipSets = Object.entries(stack.all('aws_wafv2_ip_set'));
    const preconditions = Object.fromEntries(ipSets.map(([name, { lifecycle }]) => [name, { lifecycle }]));
    configuration = await TerraformConfiguration.of({ variable, resource: { terraform_data: preconditions } });
  }, 60_000);

  afterAll(() => configuration.remove());

  it('are refused on AWS if they are example values; the error says what to set', async () => {
    const refusal = await configuration.planErrors({
      office_ipv4_cidrs: ['8.8.8.0/24', '203.0.113.7/32'],
      on_one_machine: false,
    });
    expect(refusal).toContain('Resource precondition failed');
    expect(refusal).toContain(
      'office_ipv4_cidrs contains a block that is reserved for examples: no client has an address in it. Set the addresses of your offices in the setting edge.allowlist or in this Terraform variable.',
    );
    expect(refusal).toContain('office_ipv6_cidrs contains a block that is reserved for examples');
  });

  it('may be example values on one machine', async () => {
    expect(await configuration.planErrors({ office_ipv4_cidrs: ['203.0.113.7/32'], on_one_machine: true })).toBe('');
  });

  it('are accepted on AWS if they are real', async () => {
    const real = { office_ipv4_cidrs: ['8.8.8.0/24'], office_ipv6_cidrs: ['2a00:1450::/32'] };
    expect(await configuration.planErrors({ ...real, on_one_machine: false })).toBe('');
  });

  it('are refused if both lists are empty, even on one machine', async () => {
    const none = { office_ipv4_cidrs: [], office_ipv6_cidrs: [], on_one_machine: true };
    expect(await configuration.planErrors(none)).toContain(
      'office_ipv4_cidrs and office_ipv6_cidrs are empty, so no client can call the API. List at least one block in one of them.',
    );
  });
});
