import { isReservedUser } from '../../contract/reserved-users';
import { bodyOf } from '../http-response';
import { responseOf, checked, failedRouteRow, type Check } from '../check';

/** The route that answers with the names of all users of the server. */
const PATH = '/';

const WHAT = 'users of the database';
const EXPECTED = 'only declared ones';

/** Finds users that are neither declared nor reserved, for example one that was removed from the settings or made by hand. */
export const databaseUsers: Check = {
  title: 'Database users',
  rows: function* (context) {
    const { routes, database_users: declared } = context.outputs.deployed;
    if (!routes.some(({ path }) => path === PATH)) return;
    const response = responseOf(context, PATH);
    if (response === undefined) {
      yield failedRouteRow(WHAT, EXPECTED, PATH);
      return;
    }
    const { users } = bodyOf(response);
    if (!Array.isArray(users)) {
      yield checked(WHAT, EXPECTED, 'the answer has no list of users');
      return;
    }
    const undeclared = users.map(String).filter((name) => !declared.includes(name) && !isReservedUser(name));
    yield checked(WHAT, EXPECTED, undeclared.length === 0 ? EXPECTED : `undeclared: ${undeclared.join(', ')}`);
  },
};
