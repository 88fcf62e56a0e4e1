import type { Expectation } from '../../contract/logins';
import { environment } from '../shared/env';

/**
 * Reads the expected outcomes of this deployment.
 *
 * @throws Error if the environment variable AUTH_MATRIX is missing or does not hold an {@link Expectation}.
 */
export function readExpectation(): Expectation {
  const text = environment('AUTH_MATRIX', 'the expected outcome of each login, as JSON');
  const value = parse(text);
  if (isExpectation(value)) return value;
  throw new Error(
    'AUTH_MATRIX must be JSON of the type Expectation in contract/logins.ts. Run `cdktf deploy`, which sets it.',
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function isExpectation(value: unknown): value is Expectation {
  const { environment: name, settings, logins } = Object(value) as Fields;
  const { iamAuthentication, requireSecureTransport, rows } = Object(settings) as Fields;
  return (
    areAll('string', [name]) &&
    areAll('boolean', [iamAuthentication, requireSecureTransport]) &&
    isListOf(rows, ({ row }) => areAll('number', [row])) &&
    isListOf(
      logins,
      ({ login, target, expected, because, tls }) =>
        areAll('string', [login, target, expected, because]) && areAll('boolean', [tls]),
    )
  );
}

const areAll = (type: string, values: readonly unknown[]): boolean => values.every((value) => typeof value === type);

const isListOf = (list: unknown, isElement: (element: Fields) => boolean): boolean =>
  Array.isArray(list) && list.every((element) => isElement(Object(element) as Fields));
