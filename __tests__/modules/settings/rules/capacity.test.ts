import { itAccepts, itRejects, problemsWith } from '../../../support/settings';
import { allFeatures, synthesise } from '../../../support/stack';

/** AWS allows 64 characters in the name of an EventBridge rule. */
const RULE_NAME_LIMIT = 64;
const ENVIRONMENT_NAME_LIMIT = 27;

itRejects('an environment is rejected for %s', [
  [
    'a burst beyond the account’s concurrency',
    { api: { throttle: { burst: 40 } } },
    'api.throttle.burst must be at most 10 (functions.accountConcurrency), got 40: Lambda throttles invocations beyond functions.accountConcurrency, and callers get 503. Lower the burst, or raise the account’s quota and set functions.accountConcurrency to it.',
  ],
  [
    'more reserved concurrency than Lambda allows',
    { functions: { accountConcurrency: 110, func1: { reservedConcurrency: 5 }, users: { reservedConcurrency: 6 } } },
    'functions.accountConcurrency must be at least 111, got 110: The functions reserve 11 together, and Lambda keeps 100 unreserved. Raise the account’s quota and set functions.accountConcurrency to it, or remove reservedConcurrency.',
  ],
  [
    'a name that makes names of EventBridge rules longer than AWS allows',
    { name: 'e'.repeat(30) },
    `name must be at most 27 characters long, got "${'e'.repeat(30)}": The EventBridge rule login-matrix-${'e'.repeat(30)}-login-check-keep-active would be longer than the 64 characters AWS allows. Shorten the name of the environment.`,
  ],
]);

itAccepts('reserved concurrency may leave exactly the 100 executions that Lambda keeps unreserved: %j', [
  { functions: { accountConcurrency: 110, func1: { reservedConcurrency: 10 } } },
]);

describe('the longest accepted name of an environment', () => {
  it('makes names of EventBridge rules that AWS allows', () => {
    expect(problemsWith({ name: 'e'.repeat(ENVIRONMENT_NAME_LIMIT) })).toEqual([]);
    const stack = synthesise(allFeatures);
    const functions = stack.all('aws_lambda_function');
    const rules = Object.values(stack.all('aws_cloudwatch_event_rule')).map((rule) =>
      String(rule['name']).replace(/\$\{aws_lambda_function\.([\w-]+)\.function_name\}/, (_reference, id: string) =>
        String(functions[id]?.['function_name']),
      ),
    );
    const longest = Math.max(...rules.map(({ length }) => length));
    // Each rule's name contains the environment's name. The calculation replaces this name with one of the maximum length.
    expect(longest - allFeatures.name.length + ENVIRONMENT_NAME_LIMIT).toBe(RULE_NAME_LIMIT);
  });
});
