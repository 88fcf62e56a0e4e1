import { accessDenied, type MysqlError } from './mysql-errors';
import { errorPacket } from './wire';

/** A refused login or statement, with the error packet for the client. */
export class Refused extends Error {
  override readonly name = 'Refused';

  private constructor(
    /** Payload of the error packet. */
    readonly payload: Buffer,
    message: string,
  ) {
    super(message);
  }

  static by(error: MysqlError): Refused {
    return new Refused(errorPacket(error), error.message);
  }

  /** Passes on an error of the database server. */
  static byServer(payload: Buffer): Refused {
    return new Refused(payload, payload.toString('utf8', 9));
  }

  /** MySQL's error for every failed login. SECURITY: the reason goes only to the log. */
  static accessDenied(user: string, address: string): Refused {
    const message = `Access denied for user '${user}'@'${address}' (using password: YES)`;
    return Refused.by(accessDenied(message));
  }
}
