import { licenseProblems } from '../../scripts/licenses';

/** Checks one package. The licence of the project itself, which has the empty path, does not matter. */
const problemsOf = (license: string | undefined, path = 'node_modules/one'): string[] =>
  licenseProblems({ packages: { '': { license: 'AGPL-3.0' }, [path]: license === undefined ? {} : { license } } }, []);

describe('a dependency', () => {
  it.each(['MIT', 'Apache-2.0 AND MIT', '(MIT OR GPL-3.0-or-later)', '(BSD-2-Clause OR (GPL-2.0-only AND MIT))'])(
    'under %s is accepted',
    (license) => {
      expect(problemsOf(license)).toEqual([]);
    },
  );

  it.each([
    'AGPL-3.0-or-later',
    'MIT AND GPL-3.0-only',
    '(LGPL-3.0-only OR MPL-2.0)',
    'GPL-2.0-only WITH Classpath-exception-2.0',
    'MIT WITH Classpath-exception-2.0',
    'UNLICENSED',
    'SEE LICENSE IN LICENSE.txt',
    'mit',
    '',
  ])('under %j is rejected', (license) => {
    expect(problemsOf(license)).toEqual([
      `node_modules/one must have a permissive SPDX licence, got "${license}". Replace the package.`,
    ]);
  });

  it('without a licence is rejected', () => {
    expect(problemsOf(undefined)).toEqual([
      'node_modules/one must have a permissive SPDX licence, got none. Replace the package.',
    ]);
  });

  it('of another dependency is reported with its path', () => {
    expect(problemsOf('GPL-3.0-only', 'node_modules/one/node_modules/@scope/two')).toEqual([
      'node_modules/one/node_modules/@scope/two must have a permissive SPDX licence, got "GPL-3.0-only". Replace the package.',
    ]);
  });
});

describe('an exception', () => {
  const exceptions = [
    { name: 'data', license: 'CC-BY-4.0' },
    { name: '@tool/', license: 'MPL-2.0' },
  ];
  const packages = {
    'node_modules/data': { license: 'CC-BY-4.0' },
    'node_modules/one/node_modules/data': { license: 'CC-BY-4.0' },
    'node_modules/@tool/one': { license: 'MPL-2.0' },
    'node_modules/@tool/two': { license: 'MPL-2.0' },
  };

  it('applies to a package on any path, or to every package of a scope', () => {
    expect(licenseProblems({ packages }, exceptions)).toEqual([]);
  });

  it('applies only to its own licence', () => {
    const changed = { ...packages, 'node_modules/data': { license: 'CC-BY-NC-4.0' } };
    expect(licenseProblems({ packages: changed }, exceptions)).toEqual([
      'node_modules/data must have a permissive SPDX licence, got "CC-BY-NC-4.0". Replace the package.',
    ]);
  });

  it('does not apply to a package with a longer name', () => {
    const withLongerName = { ...packages, 'node_modules/database': { license: 'CC-BY-4.0' } };
    expect(licenseProblems({ packages: withLongerName }, exceptions)).toHaveLength(1);
  });

  it('that no package needs is rejected', () => {
    expect(licenseProblems({ packages: { 'node_modules/data': { license: 'CC-BY-4.0' } } }, exceptions)).toEqual([
      'No package needs the exception @tool/, MPL-2.0. Drop it.',
    ]);
  });
});
