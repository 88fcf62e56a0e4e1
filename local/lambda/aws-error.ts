/** A request that AWS refuses, in its words. */
export class AwsError extends Error {
  /**
   * @param status of HTTP
   * @param name AWS's name of the error
   * @param details further fields of the answer
   */
  constructor(
    readonly status: number,
    override readonly name: string,
    message: string,
    readonly details: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}
