import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refuse } from '../../modules/refusal';

const MESSAGE = 'Environment dev: 1 setting must be changed.';

let folder: string;
const { exitCode } = process;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'refusal-'))));

afterEach(() => {
  rmSync(folder, { recursive: true });
  delete process.env['CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS'];
  delete process.env['CDKTF_OUTDIR'];
  process.exitCode = exitCode;
  jest.restoreAllMocks();
});

describe('the message of a refused configuration', () => {
  it('is printed to stderr, and the exit code of the program is 1', () => {
    const print = jest.spyOn(console, 'error').mockImplementation();
    refuse(MESSAGE);
    expect(print.mock.calls).toEqual([[MESSAGE]]);
    expect(process.exitCode).toBe(1);
  });

  it('is written to the manifest if the CDKTF CLI runs the program, because the CLI prints the errors from there', () => {
    Object.assign(process.env, { CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS: 'true', CDKTF_OUTDIR: folder });
    const dev = { name: 'dev', synthesizedStackPath: 'stacks/dev/cdk.tf.json' };
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ version: '0.21.0', stacks: { dev } }));
    const print = jest.spyOn(console, 'error');
    refuse(MESSAGE);
    expect(print).not.toHaveBeenCalled();
    expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))).toMatchObject({
      stacks: { dev, refused: { annotations: [{ level: '@cdktf/error', message: MESSAGE }] } },
    });
  });
});
