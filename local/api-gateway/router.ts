import type { ApiMethod } from './methods';

export interface RouteMatch {
  readonly route: ApiMethod;
  /** Values of the path's parameters; `null` if it has none. */
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

export class Router {
  private readonly candidates: readonly { readonly route: ApiMethod; readonly segments: readonly string[] }[];

  constructor(routes: readonly ApiMethod[]) {
    this.candidates = [...routes]
      .sort((a, b) => looseness(a).localeCompare(looseness(b)))
      .map((route) => ({ route, segments: segmentsOf(route.resourcePath) }));
  }

  /** Finds the most specific route of a method for a path. @param path without the stage; a trailing slash is ignored */
  find(method: string, path: string): RouteMatch | undefined {
    const requested = segmentsOf(path);
    for (const { route, segments } of this.candidates) {
      if (route.method !== method && route.method !== 'ANY') continue;
      const parameters = match(segments, requested);
      if (parameters) return { route, pathParameters: Object.keys(parameters).length > 0 ? parameters : null };
    }
    return undefined;
  }
}

/**
 * Returns a sort key that is lower for a more specific route. It has a digit for each segment of the path: 0 for a literal, 1 for a
 * parameter, 2 for a greedy parameter such as `{proxy+}`. The last digit is 1 for the method `ANY`, and otherwise 0.
 */
function looseness({ resourcePath, method }: ApiMethod): string {
  const digits = segmentsOf(resourcePath).map((segment) =>
    segment.endsWith('+}') ? 2 : segment.startsWith('{') ? 1 : 0,
  );
  return `${digits.join('')}${method === 'ANY' ? 1 : 0}`;
}

function segmentsOf(path: string): string[] {
  return path.replace(/\/$/, '').split('/').slice(1);
}

/** Returns the values of the path's parameters, or `undefined` if the path does not match. */
function match(template: readonly string[], requested: readonly string[]): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  for (const [i, segment] of template.entries()) {
    const value = requested[i];
    if (value === undefined) return undefined;
    const [, name, greedy] = /^\{([^+]+)(\+?)\}$/.exec(segment) ?? [];
    if (name === undefined) {
      if (value !== segment) return undefined;
    } else if (greedy === '') {
      values[name] = decoded(value);
    } else {
      return { ...values, [name]: decoded(requested.slice(i).join('/')) };
    }
  }
  return template.length === requested.length ? values : undefined;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
