import { TOOLS_OF_START } from '../../../start/tools/tools';

const VERSIONED = /^\d+\.\d+\.\d+\S*, \/\S+$/;

describe('the tools of npm start', () => {
  it('are found on a machine that has them, with version and path', async () => {
    const found = await Promise.all(TOOLS_OF_START.map(async ({ name, find }) => [name, await find()]));
    expect(found).toEqual([
      ['Terraform', expect.stringMatching(VERSIONED)],
      ['MariaDB', expect.stringMatching(/^\/\S+mariadbd, \/\S+mariadb-install-db$/)],
      ['moto', expect.stringMatching(VERSIONED)],
    ]);
  });

  it('are installed by npm start, except Terraform', () => {
    expect(TOOLS_OF_START.flatMap(({ name, installation }) => (installation ? [] : [name]))).toEqual(['Terraform']);
  });
});
