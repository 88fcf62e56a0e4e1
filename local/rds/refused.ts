import { errorPacket, type MysqlError } from './wire';

/** A login that does not get in, with the error that the client is told. */
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

  /** As the server behind has said it. */
  static byServer(payload: Buffer): Refused {
    return new Refused(payload, payload.toString('utf8', 9));
  }

  /** MySQL tells nobody why: the reason is for the log. */
  static accessDenied(user: string, address: string): Refused {
    const message = `Access denied for user '${user}'@'${address}' (using password: YES)`;
    return Refused.by({ errno: 1045, sqlState: '28000', message });
  }
}
