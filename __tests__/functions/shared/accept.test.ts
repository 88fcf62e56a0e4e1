import { prefersHtml } from '../../../functions/shared/accept';

describe('prefersHtml', () => {
  it.each([
    ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'],
    ['HTML alone', 'text/html'],
    ['HTML of any case', 'Text/HTML'],
    ['HTML before JSON', 'application/json;q=0.5, text/html;q=0.9'],
    ['text of any kind', 'text/*'],
    ['anything but JSON', '*/*, application/json;q=0'],
    ['parameters before the quality', 'text/html;level=1;q=0.4, application/json; q=0.3'],
  ])('is so for %s', (_who, accept) => {
    expect(prefersHtml(accept)).toBe(true);
  });

  it.each([
    ['nobody in particular', ''],
    ['curl, which takes anything', '*/*'],
    ['JSON alone', 'application/json'],
    ['both alike', 'text/html, application/json'],
    ['JSON before HTML', 'text/html;q=0.1, application/json'],
    ['HTML refused in a wider range', 'text/html;q=0, text/*'],
    ['HTML refused', '*/*, text/html;q=0'],
    ['something else', 'image/png'],
    ['a quality that is none', 'text/html;q=much'],
  ])('is not so for %s', (_who, accept) => {
    expect(prefersHtml(accept)).toBe(false);
  });
});
