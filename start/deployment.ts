import { LocalDeployment, type LocalDeploymentOptions } from '../local';

/**
 * Starts a synthesised stack of this project on this machine. A restart repeats the invocation of the bootstrap, whose input has
 * `users`: a killed process may have left different passwords in Secrets Manager and the database.
 */
export const startDeployment = (options: Omit<LocalDeploymentOptions, 'repeats'>): Promise<LocalDeployment> =>
  LocalDeployment.start({ ...options, repeats: (input) => 'users' in input });
