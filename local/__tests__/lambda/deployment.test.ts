import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentOf, unpack, type DeployedFunction, type Folders } from '../../lambda/deployment';
import { deploymentOf, writeZip } from '../support/functions';
import { functionArn } from '../support/http-state';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deployment-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const zip = (files: Readonly<Record<string, string>>): string => writeZip(folder, files).path;

const unpacked = (change: Partial<DeployedFunction>): Promise<Folders> =>
  unpack(deploymentOf(folder, 'code', change), join(folder, 'container'));

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');

describe('an unpacked function', () => {
  it('has its code in one folder and all its layers in another', async () => {
    const code = zip({ 'index.js': 'code', 'lib/deep/own.js': 'own' });
    const layers = ['one', 'two'].map((name) => zip({ [`nodejs/node_modules/${name}/index.js`]: name }));
    const { task, opt } = await unpacked({ zip: code, layers });
    expect([read(task, 'index.js'), read(task, 'lib/deep/own.js')]).toEqual(['code', 'own']);
    const modules = ['one', 'two'].map((name) => read(opt, `nodejs/node_modules/${name}/index.js`));
    expect(modules).toEqual(['one', 'two']);
    expect(existsSync(join(task, 'nodejs'))).toBe(false);
  });

  it('gets further certificate authorities in the .pem files of its layers, but in no other file', async () => {
    const files = { 'certs/rds.pem': 'a bundle', 'certs/rds.txt': 'a text' };
    const trust = (bundle: string): string => `${bundle} and more`;
    const { task, opt } = await unpacked({ zip: zip(files), layers: [zip(files)], trust });
    expect([read(opt, 'certs/rds.pem'), read(opt, 'certs/rds.txt')]).toEqual(['a bundle and more', 'a text']);
    expect(read(task, 'certs/rds.pem')).toBe('a bundle');
  });
});

describe('the environment of a function', () => {
  const folders = { task: '/run/task', opt: '/run/opt' };
  const environmentWith = (environment: Record<string, string> = {}) =>
    environmentOf(deploymentOf(folder, 'code', { environment }), folders, 'the/stream');

  it('has the variables that Lambda sets, with the values of the deployment', () => {
    expect(environmentWith()).toMatchObject({
      _HANDLER: 'index.handler',
      AWS_REGION: functionArn('function').split(':')[3],
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      AWS_LAMBDA_FUNCTION_NAME: 'function',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/function',
      AWS_LAMBDA_LOG_STREAM_NAME: 'the/stream',
      LAMBDA_TASK_ROOT: '/run/task',
      NODE_PATH: '/run/opt/nodejs/node_modules',
    });
  });

  it('replaces /opt at the start of a value with the folder of the layers', () => {
    const environment = environmentWith({ FILE: '/opt/certs/rds.pem', TEXT: 'in /opt/certs', OTHER: '/optional/file' });
    expect(environment).toMatchObject({
      FILE: '/run/opt/certs/rds.pem',
      TEXT: 'in /opt/certs',
      OTHER: '/optional/file',
    });
  });

  it('may replace Lambda’s defaults, but not Lambda’s reserved variables', () => {
    const own = { TZ: 'Europe/Berlin', NODE_PATH: '/opt/lib', AWS_REGION: 'us-east-1', _HANDLER: 'other.handler' };
    expect(environmentWith(own)).toMatchObject({
      TZ: 'Europe/Berlin',
      NODE_PATH: '/run/opt/lib',
      AWS_REGION: 'eu-central-1',
      _HANDLER: 'index.handler',
    });
  });
});
