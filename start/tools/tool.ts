/** A program that the project needs in addition to npm packages. */
export interface Tool {
  readonly name: string;
  /** Finds the tool. @returns its location, and its version if `find` checks the version. @throws Error with the remedy if it is missing */
  readonly find: () => string | Promise<string>;
  /**
   * How to install the tool on this system; `undefined` if unknown.
   *
   * @default - a person installs the tool; the error of `find` says how
   */
  readonly installation?: () => Installation | undefined;
}

export interface Installation {
  /** What `run` does, in short. Shown before the question whether to install. */
  readonly command: string;
  /** Maximum disk space, MB, measured on Debian 12. */
  readonly megabytes: number;
  readonly run: () => void;
}
