import { closest, didYouMean } from '../../../modules/settings/closest';

const REGIONS = ['eu-central-1', 'eu-central-2', 'us-east-1'];

describe('the closest word', () => {
  it.each([
    ['eu-central1', 'eu-central-1'],
    ['EU_Central_2', 'eu-central-2'],
    ['eu-cetnral-1', 'eu-central-1'],
    ['us-eats-1', 'us-east-1'],
    ['mars', undefined],
    ['', undefined],
  ])('to %j is %s', (word, expected) => {
    expect(closest(word, REGIONS)).toBe(expected);
  });

  it('is offered as a question; nothing is offered if no word is close or the value is not text', () => {
    expect(didYouMean('us-east-2', REGIONS)).toBe('Did you mean us-east-1? ');
    expect(didYouMean(7, REGIONS)).toBe('');
    expect(didYouMean('mars', REGIONS)).toBe('');
  });
});
