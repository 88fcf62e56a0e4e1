/** A program that is needed beside Node's packages. */
export interface Tool {
  readonly name: string;
  /** @returns what is here, in words. @throws Error with the remedy where it is missing */
  readonly find: () => string | Promise<string>;
  /**
   * How it is installed on this system, `undefined` where that is not known.
   *
   * @default - only a person can install it; the error of `find` says how
   */
  readonly installation?: () => Installation | undefined;
}

export interface Installation {
  /** The command, for a person who is asked whether to run it. */
  readonly command: string;
  /** Disk space that it takes at most, MB, measured on Debian 12. */
  readonly megabytes: number;
  readonly run: () => void;
}
