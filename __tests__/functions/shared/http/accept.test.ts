import { prefersHtml } from '../../../../functions/shared/http/accept';

describe('prefersHtml', () => {
  it.each([
    ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'],
    ['HTML of any case', 'Text/HTML'],
    ['HTML preferred to JSON', 'application/json;q=0.5, text/html;q=0.9'],
    ['text of any kind', 'text/*'],
    ['anything but JSON', '*/*, application/json;q=0'],
    ['parameters before the quality', 'text/html;level=1;q=0.4, application/json; q=0.3'],
  ])('is true for %s', (_what, accept) => {
    expect(prefersHtml(accept)).toBe(true);
  });

  it.each([
    ['an empty header', ''],
    ['curl, which takes anything', '*/*'],
    ['HTML and JSON equally', 'text/html, application/json'],
    ['JSON preferred to HTML', 'text/html;q=0.1, application/json'],
    ['text of any kind but HTML', 'text/html;q=0, text/*'],
    ['anything but HTML', '*/*, text/html;q=0'],
    ['something else', 'image/png'],
    ['an invalid quality', 'text/html;q=much'],
  ])('is false for %s', (_what, accept) => {
    expect(prefersHtml(accept)).toBe(false);
  });
});
