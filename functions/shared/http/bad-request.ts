/** The request is invalid. The caller gets the message. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}
