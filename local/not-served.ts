/**
 * Something was applied that the services of one machine do not have. They refuse to start with it: to leave it out in
 * silence would be to show a behaviour that AWS does not have.
 */
export class NotServed extends Error {
  override readonly name = 'NotServed';

  /**
   * @param what the resource, its attribute and the value
   * @param served what can be applied instead
   */
  constructor(what: string, served: string) {
    super(`${what} is not served on one machine. Served is ${served}.`);
  }
}
