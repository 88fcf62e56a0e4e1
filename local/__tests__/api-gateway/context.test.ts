import { renderLogLine, renderTemplate } from '../../api-gateway/context';

const context = { requestId: '7', 'identity.sourceIp': '198.51.100.1', 'identity.userAgent': undefined };

describe('a template of a gateway response', () => {
  it('is filled with the values of its variables, even if a full stop follows a variable', () => {
    expect(renderTemplate('{"id":"$context.requestId","ip":"$context.identity.sourceIp"}', context)).toBe(
      '{"id":"7","ip":"198.51.100.1"}',
    );
    expect(renderTemplate('Request $context.requestId.', context)).toBe('Request 7.');
  });

  it('keeps a variable without a value, as in Velocity', () => {
    expect(renderTemplate('$context.nothing $context.identity.userAgent', context)).toBe(
      '$context.nothing $context.identity.userAgent',
    );
  });

  it('is filled with unescaped values', () => {
    expect(renderTemplate('$context.path', { path: '/"a"' })).toBe('/"a"');
  });
});

describe('a line of an access log', () => {
  it('has a dash for a variable without a value', () => {
    expect(renderLogLine('$context.requestId $context.nothing $context.identity.userAgent', context)).toBe('7 - -');
  });

  it('stays one line of valid JSON, whatever a caller sends', () => {
    const userAgent = 'a "quoted" one\r\nwith \\ and a second line';
    const line = renderLogLine('{"agent":"$context.identity.userAgent"}', { 'identity.userAgent': userAgent });
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({ agent: userAgent });
  });

  it('has $context.error.messageString unescaped, because it is already JSON', () => {
    const values = { 'error.message': 'Forbidden', 'error.messageString': '"Forbidden"' };
    const line = renderLogLine('{"error":$context.error.messageString,"text":"$context.error.message"}', values);
    expect(JSON.parse(line)).toEqual({ error: 'Forbidden', text: 'Forbidden' });
  });

  it('does not render variables in a caller’s value', () => {
    const values = { path: '/$context.requestId', requestId: '7' };
    expect(renderLogLine('$context.path', values)).toBe('/$context.requestId');
  });
});
