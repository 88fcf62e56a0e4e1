import { LocalDeployment, type LocalDeploymentOptions } from '../local';

/** Starts a synthesised stack of this project on this machine. After a restart, it repeats the bootstrap of the database. */
export const startDeployment = (options: Omit<LocalDeploymentOptions, 'repeats'>): Promise<LocalDeployment> =>
  LocalDeployment.start({ ...options, repeats: (input) => 'users' in input });
