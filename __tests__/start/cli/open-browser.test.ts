import { openBrowser } from '../../../start/cli/open-browser';
import { consoleForEachTest } from '../../support/console-output';
import { setVariablesForEachTest } from '../../support/environment-variables';
import { folderForEachTest } from '../../support/temporary-folder';

const output = consoleForEachTest();
const emptyFolder = folderForEachTest('browser-');
setVariablesForEachTest();

it('openBrowser prints the address and the remedy, and does not fail, if no program can open pages', () => {
  process.env['PATH'] = emptyFolder();
  openBrowser('https://api.example.com');
  expect(output().errors).toEqual([
    '--open needs xdg-open, which is missing. Open https://api.example.com yourself, or install xdg-utils.',
  ]);
});
