import { html, Html } from '../../../functions/auth-matrix/html';

describe('html', () => {
  it('escapes texts, writes numbers, and keeps HTML', () => {
    expect(html`<p title="${`"&'`}">${'<b>'}${2}${html`<i>${'>'}</i>`}</p>`.text).toBe(
      '<p title="&quot;&amp;&#39;">&lt;b&gt;2<i>&gt;</i></p>',
    );
  });

  it('joins lists, and omits missing values', () => {
    const parts = [new Html('<br>'), html`${'a&b'}`];
    expect(html`<p>${parts}${undefined}</p>`.text).toBe('<p><br>a&amp;b</p>');
  });
});
