import parse, { type Info } from 'spdx-expression-parse';

/** Licences that require nothing but notices, even for modified copies. */
const PERMISSIVE: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
]);

interface Exception {
  /** Name of a package, or of a scope with all its packages. */
  readonly name: string;
  /** Licence in the package's own words. */
  readonly license: string;
}

/** Packages that may be used although their licence is not in `PERMISSIVE`. */
const EXCEPTIONS: readonly Exception[] = [
  // MPL-2.0 requires the publication of changes to the package's files; this project changes none (docs/adr/0011).
  { name: 'cdktf', license: 'MPL-2.0' },
  { name: 'cdktf-cli', license: 'MPL-2.0' },
  { name: '@cdktf/', license: 'MPL-2.0' },
  // Its author keeps no rights. SPDX has no identifier for that.
  { name: 'jsonify', license: 'Public Domain' },
  // These packages are data, not code. Their licences require that the authors are named.
  { name: 'caniuse-lite', license: 'CC-BY-4.0' },
  { name: 'spdx-exceptions', license: 'CC-BY-3.0' },
];

/** The part of a `package-lock.json` that this file reads. */
export interface Lock {
  readonly packages: Readonly<Record<string, { readonly license?: string; readonly link?: boolean }>>;
}

/**
 * Checks the licences in a lock file, including packages for other platforms.
 *
 * @returns a sentence for each package whose licence is not accepted, and for each exception that no package needs.
 */
export function licenseProblems({ packages }: Lock, exceptions = EXCEPTIONS): string[] {
  const used = new Set<Exception>();
  const problems = Object.entries(packages).flatMap(([path, { license, link }]) => {
    // The empty path is the project itself. A link leads to one of the project's folders.
    if (path === '' || link || isPermissive(license)) return [];
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const exception = exceptions.find((candidate) => candidate.license === license && appliesTo(candidate, name));
    if (exception) used.add(exception);
    const found = license === undefined ? 'none' : `"${license}"`;
    return exception ? [] : [`${path} must have a permissive SPDX licence, got ${found}. Replace the package.`];
  });
  const unusedExceptions = exceptions.filter((exception) => !used.has(exception));
  return [
    ...problems,
    ...unusedExceptions.map(({ name, license }) => `No package needs the exception ${name}, ${license}. Drop it.`),
  ];
}

const appliesTo = (exception: Exception, name: string): boolean =>
  exception.name.endsWith('/') ? name.startsWith(exception.name) : name === exception.name;

/** Returns whether a licence expression is valid and permissive: https://spdx.dev/learn/handling-license-info/ */
function isPermissive(license: string | undefined): boolean {
  try {
    return license !== undefined && allows(parse(license));
  } catch {
    return false;
  }
}

/** With OR one licence must be permissive, with AND all of them. */
function allows(expression: Info): boolean {
  if ('conjunction' in expression) {
    const sides = [expression.left, expression.right];
    return expression.conjunction === 'or' ? sides.some(allows) : sides.every(allows);
  }
  return PERMISSIVE.has(expression.license) && expression.exception === undefined;
}
