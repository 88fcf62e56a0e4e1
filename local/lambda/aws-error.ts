/** An error response of an AWS API. */
export class AwsError extends Error {
  /**
   * @param status HTTP status
   * @param name AWS's error code
   * @param details further fields of the response
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
