import { findMariaDb, findMoto, findTerraform, MOTO_REQUIREMENT } from '../../local';
import { byPip, bySystem, type SystemPackages } from './commands';
import type { Tool } from './tool';

/** For apt the core packages come first, because mariadb-server would also start a system service. */
const MARIADB: SystemPackages = {
  apt: [
    ['mariadb-server-core', 'mariadb-client-core'],
    // Some releases need these, because the names of their core packages contain the version.
    ['mariadb-server', 'mariadb-client'],
  ],
  dnf: ['mariadb-server', 'mariadb'],
  brew: ['mariadb'],
};

const MEGABYTES = { mariaDb: 65, moto: 265 };

/** The tools that `npm start` needs. */
export const TOOLS_OF_START: readonly Tool[] = [
  { name: 'Terraform', find: async () => describe(await findTerraform()) },
  {
    name: 'MariaDB',
    find: () => [findMariaDb('mariadbd'), findMariaDb('mariadb-install-db')].join(', '),
    installation: () => bySystem(MARIADB, MEGABYTES.mariaDb),
  },
  {
    name: 'moto',
    find: async () => describe(await findMoto()),
    installation: () => byPip(MOTO_REQUIREMENT, MEGABYTES.moto),
  },
];

const describe = ({ version, path, python }: { version: string; path?: string; python?: string }): string =>
  `${version}, ${path ?? python ?? ''}`;
