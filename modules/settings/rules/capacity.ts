import { ROUTE_NAMES, type RouteName } from '../../../contract/routes';
import { resourceName } from '../names';
import { problemIf, type Rule } from './rule';

/**
 * Maximum length of the name of an EventBridge rule. All other names are shorter or have a higher limit.
 *
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
 */
const NAME_LIMIT = 64;

const names: Rule = {
  reads: ['name'],
  check({ name }) {
    const longest = resourceName(name, 'login-check', 'keep-active');
    const excess = longest.length - NAME_LIMIT;
    return problemIf(
      excess > 0,
      'name',
      `must be at most ${name.length - excess} characters long`,
      `The EventBridge rule ${longest} would be longer than the ${NAME_LIMIT} characters AWS allows. Shorten the name of the environment.`,
    );
  },
};

/** Concurrency that Lambda keeps unreserved. https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
export const UNRESERVED = 100;

/** Returns the sum of the functions' reserved concurrency. */
export const reservedBy = (
  functions: Readonly<Record<RouteName, { readonly reservedConcurrency?: number | undefined }>>,
): number => ROUTE_NAMES.reduce((sum, name) => sum + (functions[name].reservedConcurrency ?? 0), 0);

const concurrency: Rule = {
  reads: ['functions', 'api.throttle.burst'],
  check({ functions, api: { throttle } }) {
    const { accountConcurrency } = functions;
    const reserved = reservedBy(functions);
    return [
      ...problemIf(
        throttle.burst > accountConcurrency,
        'api.throttle.burst',
        `must be at most ${accountConcurrency} (functions.accountConcurrency)`,
        'Lambda throttles invocations beyond functions.accountConcurrency, and callers get 503. Lower the burst, or raise the account’s quota and set functions.accountConcurrency to it.',
      ),
      ...problemIf(
        reserved > 0 && reserved > accountConcurrency - UNRESERVED,
        'functions.accountConcurrency',
        `must be at least ${reserved + UNRESERVED}`,
        `The functions reserve ${reserved} together, and Lambda keeps ${UNRESERVED} unreserved. Raise the account’s quota and set functions.accountConcurrency to it, or remove reservedConcurrency.`,
      ),
    ];
  },
};

export const capacityRules: readonly Rule[] = [names, concurrency];
