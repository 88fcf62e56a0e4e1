import type { Environment } from '../../../modules/settings/settings';
import { allFeatures, synthesise } from '../../support/stack';

const stack = synthesise(allFeatures);

const withGenerations = (...keyGenerations: number[]): Environment => ({ ...allFeatures, api: { keyGenerations } });

describe('the API key', () => {
  const rotation = [withGenerations(1), withGenerations(1, 2), withGenerations(2)].map(synthesise);
  const keyThatCloudFrontSends = (step: (typeof rotation)[number]): string => {
    const [origin] = step.one('aws_cloudfront_distribution').origin as { custom_header: { value: string }[] }[];
    return origin?.custom_header[0]?.value ?? '';
  };

  it('is bound to the usage plan', () => {
    expect(stack.one('aws_api_gateway_usage_plan_key')).toMatchObject({
      key_id: `\${${stack.addressOf('aws_api_gateway_api_key')}.id}`,
      key_type: 'API_KEY',
      usage_plan_id: `\${${stack.addressOf('aws_api_gateway_usage_plan')}.id}`,
    });
  });

  it('rotates in two deployments, and CloudFront sends a valid key before, between and after them', () => {
    const generationsIn = (text: string): string[] => text.match(/generation-\d/g) ?? [];
    const validKeys = rotation.map((step) =>
      Object.values(step.all('aws_api_gateway_usage_plan_key')).flatMap(({ key_id }) => generationsIn(String(key_id))),
    );
    expect(validKeys).toEqual([['generation-1'], ['generation-1', 'generation-2'], ['generation-2']]);
    const sentKeys = rotation.map(keyThatCloudFrontSends);
    expect(sentKeys.map(generationsIn)).toEqual([['generation-1'], ['generation-2'], ['generation-2']]);
    for (const key of sentKeys) expect(key).toMatch(/\.value}$/);
  });

  it('does not change when another key is added or removed', () => {
    const [before, both, after] = rotation.map((step) => step.all('aws_api_gateway_api_key'));
    expect(both).toEqual({ ...before, ...after });
  });

  it('is sent by CloudFront only after it is valid', () => {
    expect(rotation[1]?.one('aws_cloudfront_distribution').depends_on).toContain(
      rotation[1]?.addressOf('aws_api_gateway_usage_plan_key', 'generation-2'),
    );
  });

  it('is in no output', () => {
    expect(JSON.stringify(stack.json['output'])).not.toContain('aws_api_gateway_api_key');
  });
});
