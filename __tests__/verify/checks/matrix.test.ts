import { standInForFile } from '../../support/verified';

const standIn = standInForFile();

describe('the check of the login matrix', () => {
  it('reports a login that is refused by mistake, with the reason', async () => {
    const seen = await standIn().seen((reply, { path }) => {
      if (path !== '/auth-matrix' || reply.status !== 200) return;
      reply.body = reply.body.replace('"observed":"o","reason":null', '"observed":"x","reason":"the user is locked"');
      reply.body = reply.body.replace('"agrees":true', '"agrees":false');
    });
    expect(seen).toEqual({
      'login by IAM at instance over TLS': 'is refused: the user is locked',
      'GET /auth-matrix': 'does not agree',
    });
  });
});
