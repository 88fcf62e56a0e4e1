import { API_HOST, standInForAllTests } from '../../support/deployment-stand-in';

const standIn = standInForAllTests();

describe('the check of the login matrix', () => {
  it('reports an unexpected refusal, with its reason', async () => {
    const seen = await standIn().unexpectedResults((reply, { path }) => {
      if (path !== '/auth-matrix' || reply.status !== 200) return;
      reply.body = reply.body.replace('"observed":"o","reason":null', '"observed":"x","reason":"the user is locked"');
      reply.body = reply.body.replace('"agrees":true', '"agrees":false');
    });
    expect(seen).toEqual({
      'login by IAM at instance over TLS': 'is refused: the user is locked',
      'GET /auth-matrix': 'not every login as expected',
    });
  });

  it('measures again if a login did not answer in time, and keeps the first measurement if the later ones fail', async () => {
    let measurements = 0;
    const seen = await standIn().unexpectedResults((reply, { host, method, path, headers }) => {
      const isMeasurement =
        host === API_HOST && method === 'GET' && path === '/auth-matrix' && headers.accept !== 'text/html';
      if (!isMeasurement || reply.status !== 200) return;
      measurements += 1;
      if (measurements > 1) return void Object.assign(reply, { status: 503, body: '{}' });
      const late = '"observed":"–","reason":"the endpoint does not answer in time"';
      reply.body = reply.body.replace('"observed":"o","reason":null', late).replace('"agrees":true', '"agrees":false');
    });
    expect(measurements).toBe(3);
    expect(seen).toEqual({
      'login by IAM at instance over TLS': 'cannot be used: the endpoint does not answer in time',
      'GET /auth-matrix': 'not every login as expected',
    });
  });
});
