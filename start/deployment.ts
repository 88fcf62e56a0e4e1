import { LocalDeployment, type LocalDeploymentOptions } from '../local';

/**
 * Starts a synthesised stack of this project on this machine. After a killed process, Secrets Manager and the database may have
 * different passwords. So a restart invokes the bootstrap again, which makes them equal. Only the bootstrap's input has
 * `users`.
 */
export const startDeployment = (options: Omit<LocalDeploymentOptions, 'repeats'>): Promise<LocalDeployment> =>
  LocalDeployment.start({ ...options, repeats: (input) => 'users' in input });
