import { zip } from '../../../modules/compute/zip';

describe('zip', () => {
  it('gives the same bytes for any order of the files, at any time', () => {
    const [a, b] = [Buffer.from('a'), Buffer.from('b')];
    const zippedToday = zip({ a, b });
    jest.useFakeTimers({ now: new Date('2031-05-05T05:05:05Z') });
    expect(Buffer.from(zip({ b, a })).equals(zippedToday)).toBe(true);
    jest.useRealTimers();
  });
});
