import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROUTE_NAMES, ROUTE_USER_NAMES, routeOf, userOf } from '../../contract/routes';

const FUNCTIONS = join(__dirname, '../../functions');
const routes = ROUTE_NAMES.map(routeOf);

describe('the declared routes', () => {
  it.each(routes)('have a handler for $path', ({ function: folder }) => {
    expect(existsSync(join(FUNCTIONS, folder, 'handler.ts'))).toBe(true);
  });

  it('have different paths, functions and users', () => {
    const lists = [
      routes.map(({ path }) => path),
      routes.map(({ function: folder }) => folder),
      routes.flatMap(({ users }) => Object.keys(users)),
      ROUTE_USER_NAMES.map((name) => userOf(name).name),
    ];
    for (const list of lists) expect(list).toEqual([...new Set(list)]);
  });
});

describe('the declared user', () => {
  it.each(ROUTE_USER_NAMES.map((name) => [name, userOf(name)] as const))(
    '%s can use a password only from the VPC, and has privileges only on single tables',
    (_name, { login, from, grants }) => {
      if (login === 'password') expect(from).toBe('vpc');
      for (const { table } of grants) expect(table).not.toBe('*');
    },
  );
});
