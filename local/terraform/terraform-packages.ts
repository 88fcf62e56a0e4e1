import { readFileSync } from 'node:fs';

const KEYRING = '/usr/share/keyrings/hashicorp-archive-keyring.gpg';

/** Installation commands by the ids of Linux distributions: https://developer.hashicorp.com/terraform/install */
const FAMILIES: readonly (readonly [ids: readonly string[], commands: (codename: string) => readonly string[]])[] = [
  [
    ['debian', 'ubuntu'],
    (codename) => [
      'sudo apt-get update && sudo apt-get install -y gpg wget',
      `wget -O- https://apt.releases.hashicorp.com/gpg | sudo gpg --dearmor -o ${KEYRING}`,
      `echo "deb [signed-by=${KEYRING}] https://apt.releases.hashicorp.com ${codename} main" | sudo tee /etc/apt/sources.list.d/hashicorp.list`,
      'sudo apt-get update && sudo apt-get install -y terraform',
    ],
  ],
  [['fedora'], () => dnf('fedora')],
  [['amzn'], () => dnf('AmazonLinux')],
  [['rhel', 'centos'], () => dnf('RHEL')],
];

/**
 * Returns the commands that install Terraform on this system; none if HashiCorp has no package for it.
 *
 * @param platform as Node.js names it
 * @param release content of /etc/os-release: https://www.freedesktop.org/software/systemd/man/latest/os-release.html
 */
export function installCommands(
  platform: string = process.platform,
  release: string = platform === 'linux' ? read('/etc/os-release') : '',
): readonly string[] {
  if (platform === 'darwin') return ['brew tap hashicorp/tap', 'brew install hashicorp/tap/terraform'];
  const value = (name: string): string => new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(release)?.[1] ?? '';
  const ids = [value('ID'), ...value('ID_LIKE').split(' ')];
  const codename = value('UBUNTU_CODENAME') || value('VERSION_CODENAME');
  // The system's own id takes precedence over the ids of similar systems.
  for (const id of ids) {
    const commands = FAMILIES.find(([family]) => family.includes(id))?.[1];
    if (commands) return commands(codename);
  }
  return [];
}

function dnf(repository: string): string[] {
  return [
    // `curl` adds the repository on every version of dnf. The options of `dnf config-manager` changed in dnf 5.
    `sudo curl -o /etc/yum.repos.d/hashicorp.repo https://rpm.releases.hashicorp.com/${repository}/hashicorp.repo`,
    'sudo dnf install -y terraform',
  ];
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
