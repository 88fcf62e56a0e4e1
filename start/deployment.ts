import { LocalDeployment, type LocalDeploymentOptions } from '../local';

/**
 * Starts a synthesised stack of this project on this machine. A restart invokes the bootstrap again. The bootstrap is the invocation
 * whose input has `users`.
 */
export const startDeployment = (options: Omit<LocalDeploymentOptions, 'repeats'>): Promise<LocalDeployment> =>
  LocalDeployment.start({ ...options, repeats: (input) => 'users' in input });
