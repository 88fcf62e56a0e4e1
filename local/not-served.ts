/**
 * An applied resource or value that the local services do not support. They refuse to start with it: ignoring it would
 * show a behaviour that AWS does not have.
 */
export class NotServed extends Error {
  override readonly name = 'NotServed';

  /**
   * @param unsupported the resource, its attribute and the value
   * @param supported what to apply instead
   */
  constructor(unsupported: string, supported: string) {
    super(`${unsupported} is not served on one machine. Supported: ${supported}.`);
  }
}
