import type { MysqlError } from './mysql-errors';
import { errorPacket } from './wire';

/** Index of the message in an error packet, with and without an SQLSTATE. An error before the greeting may lack the SQLSTATE. */
const [AFTER_SQLSTATE, WITHOUT_SQLSTATE] = [9, 3];

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

  /** Refuses with an error of the local RDS itself. */
  static by(error: MysqlError): Refused {
    return new Refused(errorPacket(error), error.message);
  }

  /** Passes on an error of the database server. */
  static byServer(payload: Buffer): Refused {
    const start = payload[WITHOUT_SQLSTATE] === '#'.charCodeAt(0) ? AFTER_SQLSTATE : WITHOUT_SQLSTATE;
    return new Refused(payload, payload.toString('utf8', start));
  }
}
