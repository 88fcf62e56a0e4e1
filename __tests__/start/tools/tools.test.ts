import { TOOLS_OF_START } from '../../../start/tools/tools';

const VERSION_AND_PATH = /^\d+\.\d+\.\d+\S*, \/\S+$/;

describe('the tools of npm start', () => {
  it('are found with their paths, Terraform and moto also with their versions', async () => {
    const found = await Promise.all(TOOLS_OF_START.map(async ({ name, find }) => [name, await find()]));
    expect(found).toEqual([
      ['Terraform', expect.stringMatching(VERSION_AND_PATH)],
      ['MariaDB', expect.stringMatching(/^\/\S+mariadbd, \/\S+mariadb-install-db$/)],
      ['moto', expect.stringMatching(VERSION_AND_PATH)],
    ]);
  });

  it('are installed by npm start, except Terraform', () => {
    expect(TOOLS_OF_START.flatMap(({ name, installation }) => (installation ? [] : [name]))).toEqual(['Terraform']);
  });
});
