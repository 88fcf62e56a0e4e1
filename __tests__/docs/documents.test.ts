import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readEnvironments } from '../../read-environments';
import { commandBlocksOf } from '../support/documents';
import { allFeatures, synthesise } from '../support/stack';

const ROOT = join(__dirname, '..', '..');
const documentsIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder)).flatMap((name) => (name.endsWith('.md') ? [join(folder, name)] : []));
const DOCUMENTS = ['.', 'docs', 'docs/adr', 'local', 'certs'].flatMap(documentsIn);
const contentOf = (document: string): string => readFileSync(join(ROOT, document), 'utf8');
/** Returns the text of the group in each match of a pattern. */
const groupsIn = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, group = '']) => group);
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

/** Returns the lines of a document's command blocks and its inline code, without shell comments. */
const commandsOf = (document: string): string[] => {
  const inline = groupsIn(contentOf(document), /`([^`\n]+)`/g);
  const blockLines = commandBlocksOf(document).flatMap(({ lines }) => lines);
  return [...blockLines, ...inline].map((command) => command.replace(/ +#.*/, ''));
};

/** Returns each command that matches a pattern, with its document and the pattern's group. */
const commandsLike = (pattern: RegExp): [command: string, document: string, group: string][] =>
  DOCUMENTS.flatMap((document) =>
    commandsOf(document).flatMap((command): [string, string, string][] => {
      const match = pattern.exec(command);
      return match ? [[command, document, match[1] ?? '']] : [];
    }),
  );

describe('commands in documents', () => {
  const environments = ['<environment>', ...readEnvironments().map(({ name }) => name)];
  /** Environments that a document tells the reader to add: each in a `ts` block whose first line names the environment's file. */
  const addedIn = (document: string): string[] =>
    groupsIn(contentOf(document), /^ *```ts\n *\/\/ environments\/([\w-]+)\.ts$/gm);

  it.each(commandsLike(/^(?:npx cdktf (?:deploy|destroy|diff)\b ?|npm start -- --environment )(\S*)/))(
    '%s in %s names an environment',
    (_command, document, name) => {
      expect([...environments, ...addedIn(document)]).toContain(name);
    },
  );

  it.each(commandsLike(/^npm run ([\w:-]+)/))('%s in %s is a script', (_command, _document, script) => {
    expect(Object.keys(scripts)).toContain(script);
  });

  it('pass only addresses of resources of the stack to -replace', () => {
    const { addresses } = synthesise(allFeatures);
    const named = commandsLike(/-replace=(\S+)/);
    expect(named.length).toBeGreaterThan(0);
    for (const [command, document, address] of named) {
      expect([document, command, addresses.includes(address)]).toEqual([document, command, true]);
    }
  });
});

it('docs/operations.md restores a backup with the names of the subnet group, parameter group and proxies of the stack', () => {
  const stack = synthesise(allFeatures);
  const namesOf = (type: string): unknown[] => Object.values(stack.all(type)).map(({ name }) => name);
  const [, restore = ''] = contentOf('docs/operations.md').split('\n## Restore a backup');
  const namesIn = (pattern: RegExp): string[] =>
    groupsIn(restore, pattern).map((name) => name.replace('$name', 'login-matrix-test'));
  expect(namesIn(/--db-subnet-group-name (\S+) /g)).toEqual(namesOf('aws_db_subnet_group'));
  expect(namesIn(/--db-parameter-group-name (\S+) /g)).toEqual(namesOf('aws_db_parameter_group'));
  expect(namesIn(/(\$name-\w+)(?=.*; do aws rds deregister)/g).sort()).toEqual(namesOf('aws_db_proxy').sort());
});

describe('paths in documents', () => {
  /** Paths in local/README.md are relative to `local`, all others to the root of the project. */
  const baseOf = (document: string): string => join(ROOT, document === 'local/README.md' ? 'local' : '.');
  const foldersIn = (base: string): string[] =>
    readdirSync(base, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name);
  const paths = DOCUMENTS.flatMap((document) => {
    const base = baseOf(document);
    const pattern = new RegExp(`\`((?:${foldersIn(base).join('|')})/[\\w./-]*)\``, 'g');
    return groupsIn(contentOf(document), pattern).map((path) => ({ document, path }));
  });

  it.each(paths)('$path in $document exists', ({ document, path }) => {
    expect([path, existsSync(join(baseOf(document), path))]).toEqual([path, true]);
  });
});

it('the outputs that documents name exist in the stack', () => {
  const outputs = Object.keys(synthesise(allFeatures).json['output'] as object);
  const pattern = /`((?:tunnel_|connect_policy_|login_|database_|client_|api_)[a-z_]*(?:<user>)?|tunnel)`/g;
  const named = DOCUMENTS.flatMap((document) => groupsIn(contentOf(document), pattern));
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => !outputs.includes(name.replace('<user>', 'items')))).toEqual([]);
});

describe('links in documents', () => {
  /** Returns GitHub's anchor of a heading: lower case, without punctuation, hyphens for spaces. */
  const anchorOf = (heading: string): string =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
  /** Returns the anchors of headings and of table rows. */
  const anchorsOf = (document: string): string[] => [
    ...groupsIn(contentOf(document), /^#+ (.+)$/gm).map(anchorOf),
    ...groupsIn(contentOf(document), /<a id="([\w-]+)">/g),
  ];
  const links = DOCUMENTS.flatMap((document) =>
    groupsIn(contentOf(document), /\]\((?!https?:)([^)\s]+)\)/g).map((link) => ({ document, link })),
  );

  it.each(links)('$link in $document points to an existing file and heading', ({ document, link }) => {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? document : join(dirname(document), path);
    expect([target, existsSync(join(ROOT, target))]).toEqual([target, true]);
    if (anchor !== undefined) expect(anchorsOf(target)).toContain(anchor);
  });
});

it('the pattern in renovate.json finds the version of the AWS provider in the stack', () => {
  const { customManagers } = JSON.parse(contentOf('renovate.json')) as { customManagers: [{ matchStrings: [string] }] };
  const pattern = new RegExp(customManagers[0].matchStrings[0]);
  const [constraint] = pattern.exec(contentOf('modules/terraform/providers.ts')) ?? [];
  expect(constraint).toMatch(/~> \d/);
});

it('.nvmrc names a version of the oldest major release of Node.js that package.json supports', () => {
  const { engines } = JSON.parse(contentOf('package.json')) as { engines: { node: string } };
  const [, oldestMajor, oldestMinor] = /^>=(\d+)\.(\d+)$/.exec(engines.node) ?? [];
  const [major, minor] = contentOf('.nvmrc').split('.').map(Number);
  expect(major).toBe(Number(oldestMajor));
  expect(minor).toBeGreaterThanOrEqual(Number(oldestMinor));
});
