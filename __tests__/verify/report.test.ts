import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { redactor } from '../../verify/redact';
import { writeReport } from '../../verify/report';
import type { GroupedRow } from '../../verify/verify';
import { OUTPUTS } from '../support/deployment-stand-in';
import { folderForEachTest } from '../support/temporary-folder';

const redact = redactor(OUTPUTS);

const ROWS: readonly GroupedRow[] = [
  { group: 'Routes', what: 'GET /', expected: '200', seen: '200', outcome: 'as expected' },
  { group: 'Routes', what: 'GET /a|b', expected: '200', seen: '502 at 203.0.113.7', outcome: 'different' },
  {
    group: 'Alarms',
    what: 'api-5xx',
    expected: 'OK',
    seen: 'not checked: arn:aws:iam::123456789012:user/me',
    outcome: 'not checked',
  },
];

const folder = folderForEachTest('report-');

/** Writes a report. @returns the contents of its files by their names */
function filesOfReport(name: string): Record<string, string> {
  const files = writeReport(
    join(folder(), name),
    { environment: 'test', finished: '2026-01-31T12:00:00.000Z', rows: ROWS },
    redact,
  );
  return Object.fromEntries(files.map((file) => [file.slice(folder().length + 1), readFileSync(file, 'utf8')]));
}

describe('a report', () => {
  it('is JSON or Markdown if the file has that extension, otherwise both', () => {
    expect(Object.keys(filesOfReport('one.json'))).toEqual(['one.json']);
    expect(Object.keys(filesOfReport('one.md'))).toEqual(['one.md']);
    expect(Object.keys(filesOfReport('both'))).toEqual(['both.json', 'both.md']);
  });

  it('contains every row, without account ids and addresses', () => {
    const { 'both.json': json = '', 'both.md': markdown = '' } = filesOfReport('both');
    expect(JSON.parse(json)).toEqual({
      environment: 'test',
      finished: '2026-01-31T12:00:00.000Z',
      summary: '1 as expected, 1 different, 1 not checked',
      rows: [ROWS[0], { ...ROWS[1], seen: '502 at <address>' }, { ...ROWS[2], seen: 'not checked: <arn>' }],
    });
    expect(markdown).toBe(
      [
        '# Verification of test\n',
        '1 as expected, 1 different, 1 not checked. Finished 2026-01-31T12:00:00.000Z.\n',
        '## Routes\n',
        '|     | what | expected | seen |',
        '| --- | --- | --- | --- |',
        '| ✔ | GET / | 200 | 200 |',
        '| ✘ | GET /a\\|b | 200 | 502 at &lt;address> |\n',
        '## Alarms\n',
        '|     | what | expected | seen |',
        '| --- | --- | --- | --- |',
        '| ? | api-5xx | OK | not checked: &lt;arn> |\n',
      ].join('\n'),
    );
  });
});
