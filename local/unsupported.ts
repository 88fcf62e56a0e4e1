/**
 * Reports an applied resource or value that the local services do not support. They refuse it, because ignoring it would show a
 * behaviour that AWS does not have.
 */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';

  /**
   * @param unsupported the resource, attribute or value; subject of the message
   * @param supported what to apply instead
   */
  constructor(unsupported: string, supported: string) {
    super(`${unsupported} is not supported by the local AWS. Supported: ${supported}.`);
  }
}
