import { installCommands } from '../../terraform/terraform-packages';

// Contents of /etc/os-release.
const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n';
const MINT = 'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=wilma\nUBUNTU_CODENAME=noble\n';
const FEDORA = 'ID=fedora\nVERSION_ID=42\n';
const ROCKY = 'ID="rocky"\nID_LIKE="rhel centos fedora"\n';
const AMAZON = 'ID="amzn"\nID_LIKE="fedora"\n';

describe('the commands that install Terraform', () => {
  it.each([
    ['Debian', DEBIAN, 'apt.releases.hashicorp.com bookworm main'],
    ['a derivative of Ubuntu, with Ubuntu’s code name', MINT, 'apt.releases.hashicorp.com noble main'],
    ['Fedora', FEDORA, 'rpm.releases.hashicorp.com/fedora/'],
    ['a derivative of RHEL', ROCKY, 'rpm.releases.hashicorp.com/RHEL/'],
    ['Amazon Linux', AMAZON, 'rpm.releases.hashicorp.com/AmazonLinux/'],
  ])('are those of %s', (_system, release, repository) => {
    const commands = installCommands('linux', release);
    expect(commands.join('\n')).toContain(repository);
    expect(commands.at(-1)).toMatch(/install -y terraform$/);
  });

  it('are those of Homebrew on macOS', () => {
    expect(installCommands('darwin').at(-1)).toBe('brew install hashicorp/tap/terraform');
  });

  it.each(['ID=arch\n', ''])(
    'are none for a system that is unknown or that HashiCorp has no package for: %j',
    (release) => {
      expect(installCommands('linux', release)).toEqual([]);
    },
  );
});
