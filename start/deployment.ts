import { LocalDeployment, type LocalDeploymentOptions } from '../local';

/**
 * Starts a synthesised stack of this project on this machine. If an earlier process was killed, Secrets Manager and the database
 * may have different passwords. A restart therefore repeats the invocation of the bootstrap, which sets the database's
 * passwords to those in Secrets Manager. An input with `users` identifies this invocation.
 */
export const startDeployment = (options: Omit<LocalDeploymentOptions, 'repeats'>): Promise<LocalDeployment> =>
  LocalDeployment.start({ ...options, repeats: (input) => 'users' in input });
