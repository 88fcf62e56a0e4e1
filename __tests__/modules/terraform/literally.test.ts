import { literally } from '../../../modules/terraform/literally';
import { allFeatures, synthesise } from '../../support/stack';

describe('text in a setting', () => {
  it('is escaped in lists, objects and keys, so that Terraform evaluates no template', () => {
    expect(literally({ a: ['price ${1 + 1}', 'a%{b'], b: { '${c}': 1 }, c: undefined })).toEqual({
      a: ['price $${1 + 1}', 'a%%{b'],
      b: { '$${c}': 1 },
      c: undefined,
    });
  });

  it('reaches the configuration escaped', () => {
    const stack = synthesise({ ...allFeatures, alarms: { enabled: true, email: '${team}%{x}@acme.org' } });
    const endpoints = Object.values(stack.all('aws_sns_topic_subscription')).map(({ endpoint }) => endpoint as string);
    expect(new Set(endpoints)).toEqual(new Set(['$${team}%%{x}@acme.org']));
  });
});
