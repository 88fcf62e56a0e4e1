import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApplyProgress } from '../../../start/cli/apply-progress';
import { folderForEachTest } from '../../support/temporary-folder';

const folder = folderForEachTest('apply-progress-');
/** Returns the path of the file with the `Timeline` of the last apply. */
const file = (): string => join(folder(), 'times.json');

/** Time on the clock. */
let seconds: number;

beforeEach(() => {
  seconds = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => seconds * 1_000);
});

afterEach(() => void jest.restoreAllMocks());

function startProgress(): ApplyProgress {
  const progress = new ApplyProgress(file());
  progress.begin();
  return progress;
}

/** Lets the progress read an apply of two resources: planned at 10 s, the first created at 20 s, the second at 100 s. */
function readApply(progress: ApplyProgress): void {
  seconds = 10;
  progress.read('Plan: 2 to add, 0 to change, 0 to destroy.');
  seconds = 20;
  progress.read('aws_vpc.network: Creation complete after 1s [id=vpc-1]');
  seconds = 100;
  progress.read('aws_db_instance.database: Creation complete after 1m20s [id=db-1]');
}

describe('the estimated remaining time of an apply', () => {
  it('comes from built-in times if no earlier apply is stored', () => {
    expect(startProgress().remaining).toBeGreaterThan(60);
  });

  it('comes from the times of the last apply', () => {
    const first = startProgress();
    readApply(first);
    first.keep();
    seconds = 0;
    const next = startProgress();
    expect(next.remaining).toBe(100);
    next.read('Plan: 2 to add, 0 to change, 0 to destroy.');
    next.read('aws_vpc.network: Creation complete after 1s [id=vpc-1]');
    expect(next.remaining).toBe(80);
  });

  it('falls while Terraform waits for a resource, but not below the time that the later resources need', () => {
    writeFileSync(file(), JSON.stringify([[0, 0], [0.5, 20], [1, 100]])); // prettier-ignore
    const progress = startProgress();
    seconds = 15;
    expect(progress.remaining).toBe(85);
    seconds = 500;
    expect(progress.remaining).toBe(80);
  });

  it('does not fall before the apply begins', () => {
    const progress = new ApplyProgress(file());
    const { remaining } = progress;
    seconds = 10;
    expect(progress.remaining).toBe(remaining);
  });

  it.each(['', '{}', '[]', '[["a", 1]]'])('comes from built-in times if the file contains %j', (content) => {
    writeFileSync(file(), content);
    expect(startProgress().remaining).toBeGreaterThan(60);
  });
});

it('the progress of an apply shows a bar, the current resource and the estimated time', () => {
  writeFileSync(file(), JSON.stringify([[0, 0], [0.5, 20], [1, 200]])); // prettier-ignore
  const progress = startProgress();
  progress.read('Plan: 2 to add, 0 to change, 0 to destroy.');
  progress.read('aws_vpc.network: Creation complete after 1s [id=vpc-1]');
  progress.read('aws_db_instance.database: Still creating... [10s elapsed]');
  expect(String(progress)).toBe(
    '████████████░░░░░░░░░░░░ 1 of 2 resources, waiting for aws_db_instance (10s), about 3 min left',
  );
});

it('a finished apply stores its timeline: when each share of the planned changes was done, and when the apply ended', () => {
  const progress = startProgress();
  readApply(progress);
  progress.keep();
  expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual([[0, 0], [0.5, 20], [1, 100], [1, 100]]); // prettier-ignore
});
