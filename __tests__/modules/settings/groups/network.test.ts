import { itAccepts, problemsWith, requiredSettings } from '../../../support/settings';

const inZones = (region: string, ...zones: string[]): object => ({
  region,
  network: { ...requiredSettings.network, zones },
});

describe('zones', () => {
  itAccepts('are accepted as ids: %j', [
    inZones('us-east-1', 'use1-az1', 'use1-az6'),
    inZones('ca-central-1', 'cac1-az1', 'cac1-az4'),
  ]);

  it('are rejected if they are names', () => {
    const remedy = 'Unlike a name, an id means the same zone in every account. Write the id, as in euc1-az1.';
    expect(problemsWith(inZones('eu-central-1', 'eu-central-1a', 'eu-central-1b'))).toEqual([
      `network.zones.0 must be the id of an availability zone, got "eu-central-1a": ${remedy}`,
      `network.zones.1 must be the id of an availability zone, got "eu-central-1b": ${remedy}`,
    ]);
  });

  it('are required', () => {
    expect(problemsWith({ network: { cidr: '10.20.0.0/16' } })).toEqual([
      'network.zones must be a list, got nothing: The setting is required. Add it.',
    ]);
  });
});
