import { describe, expect, it } from 'vitest';
import type { AdminActions } from '@sluice/admin';
import { testAdmin, TOKEN, watchedGateway } from './support.ts';

describe('a path', () => {
  it('of the index lists everything there is', async () => {
    const { admin } = await watchedGateway();

    const { status, type, text } = await admin.get('/');

    expect([status, type]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(text.match(/^(?:GET|POST) +\/[a-z]*/gm)?.map((line) => line.replace(/ +/, ' '))).toEqual([
      'GET /',
      'GET /ready',
      'GET /live',
      'GET /status',
      'GET /metrics',
      'GET /stats',
      'GET /clusters',
      'GET /listeners',
      'GET /filters',
      'GET /passports',
      'GET /config',
      'GET /logging',
      'POST /logging',
      'POST /filters',
      'POST /reload',
      'POST /drain',
    ]);
  });

  it.each(['/nothing', '/metrics/', '//metrics', '/filters/a/b', '/Metrics'])(
    'that is not there (%s) is a 404 that says what is',
    async (path) => {
      const { admin } = await watchedGateway();

      const answer = await admin.get(path);

      expect([answer.status, answer.type]).toEqual([404, 'application/problem+json']);
      expect(answer.json()).toMatchObject({
        status: 404,
        detail: expect.stringContaining('/passports') as string,
      });
    },
  );

  it('with a name that is not percent-encoded UTF-8 is a 400', async () => {
    const { admin } = await watchedGateway();

    expect((await admin.post('/filters/%ff?enabled=true')).status).toBe(400);
  });
});

describe('a method', () => {
  it.each([
    ['POST', '/metrics', 'GET, HEAD'],
    ['GET', '/drain', 'POST'],
    ['OPTIONS', '/', 'GET, HEAD'],
    ['DELETE', '/logging', 'GET, HEAD, POST'],
    ['GET', '/filters/a', 'POST'],
  ])('%s of %s is a 405 that allows %s', async (method, path, allow) => {
    const { admin } = await watchedGateway();

    const answer = await admin.ask(method, path, { authorization: `Bearer ${TOKEN}` });

    expect([answer.status, answer.header('allow'), answer.type]).toEqual([
      405,
      allow,
      'application/problem+json',
    ]);
  });

  it('HEAD answers as GET does, without the body', async () => {
    const { admin } = await watchedGateway();

    const answer = await admin.ask('HEAD', '/live');

    expect([answer.status, answer.type, answer.text]).toEqual([200, 'text/plain; charset=utf-8', '']);
  });
});

describe('a host', () => {
  it.each(['localhost', 'localhost:9901', '127.0.0.1:9901', '[::1]:9901', '10.0.0.1', 'ops.example'])(
    '%s is taken',
    async (host) => {
      const admin = await testAdmin((await watchedGateway()).source, {}, { allowedHosts: ['ops.example'] });

      expect((await admin.ask('GET', '/live', {}, host)).status).toBe(200);
    },
  );

  it.each([
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example:9901',
    '2130706433',
    'localhost.',
  ])('%s is refused, also with the token: its name may have been made to lead here', async (host) => {
    const { admin } = await watchedGateway();
    const token = { authorization: `Bearer ${TOKEN}` };

    const read = await admin.ask('GET', '/config', token, host);
    const change = await admin.ask('POST', '/logging?level=debug', token, host);

    expect([read.status, read.type, change.status]).toEqual([403, 'application/problem+json', 403]);
  });
});

describe('a change', () => {
  it('is made with the token', async () => {
    const { admin, loggers } = await watchedGateway();

    const answer = await admin.post('/logging?level=debug', { authorization: `bearer  ${TOKEN}` });

    expect(answer.status).toBe(200);
    expect(loggers).toEqual({ app: { level: 'debug' }, access: { level: 'debug' } });
  });

  it.each([
    [{}, 'Bearer realm="sluice admin"'],
    [{ authorization: 'Bearer wrong' }, 'Bearer realm="sluice admin", error="invalid_token"'],
    [{ authorization: `Bearer ${TOKEN}x` }, 'Bearer realm="sluice admin", error="invalid_token"'],
    [{ authorization: `Bearer ${TOKEN} ${TOKEN}` }, 'Bearer realm="sluice admin", error="invalid_token"'],
    [{ authorization: `Basic ${TOKEN}` }, 'Bearer realm="sluice admin", error="invalid_token"'],
    [{ authorization: TOKEN }, 'Bearer realm="sluice admin", error="invalid_token"'],
    [{ cookie: `token=${TOKEN}` }, 'Bearer realm="sluice admin"'],
  ])('is a 401 with %j, and changes nothing', async (headers, challenge) => {
    const { admin, loggers } = await watchedGateway();

    const answer = await admin.post('/logging?level=debug', headers);

    expect([answer.status, answer.header('www-authenticate')]).toEqual([401, challenge]);
    expect(answer.text).not.toContain(TOKEN);
    expect(loggers.app?.level).toBe('info');
  });

  it('is a 401 with the token twice', async () => {
    const { admin, loggers } = await watchedGateway();
    const client = admin.gateway.connectRaw();
    const field = `Authorization: Bearer ${TOKEN}\r\n`;
    client.send(
      `POST /logging?level=debug HTTP/1.1\r\nHost: localhost\r\n${field}${field}Content-Length: 0\r\n\r\n`,
    );
    await admin.gateway.settle();

    expect(client.received).toMatch(/^HTTP\/1\.1 401 /);
    expect(loggers.app?.level).toBe('info');
  });

  it('is a 403 that says what to configure when there is no token', async () => {
    const { source } = await watchedGateway();
    const open = await testAdmin(source, {}, {});

    const answer = await open.post('/drain');

    expect([answer.status, answer.type]).toEqual([403, 'application/problem+json']);
    expect(answer.json()).toMatchObject({ detail: expect.stringContaining('--admin-token-file') as string });
  });

  it.each(['/drain', '/reload', '/logging?level=debug', '/filters/a?enabled=true'])(
    'that the program can not make (%s) is a 501',
    async (path) => {
      const admin = await testAdmin((await watchedGateway()).source);

      const answer = await admin.post(path);

      expect([answer.status, answer.type]).toEqual([501, 'application/problem+json']);
    },
  );

  it('begins a drain and does not wait for its end', async () => {
    let drains = 0;
    const { admin } = await watchedGateway({}, { drain: () => void drains++ });

    const answer = await admin.post('/drain');

    expect([answer.status, answer.json(), drains]).toEqual([202, { state: 'draining' }, 1]);
  });

  it('tells what a reload has changed, and what was wrong with one that was refused', async () => {
    const results = [
      { isApplied: true, messages: ['1 route more'] },
      { isApplied: false, messages: ['gateway.yaml:3:1 routes: expected a list, found 1'] },
    ];
    const reload: AdminActions['reload'] = () =>
      Promise.resolve(results.shift() ?? { isApplied: false, messages: [] });
    const { admin } = await watchedGateway({}, { reload });

    const [applied, refused] = [await admin.post('/reload'), await admin.post('/reload')];

    expect([applied.status, applied.json()]).toEqual([200, { isApplied: true, messages: ['1 route more'] }]);
    expect([refused.status, refused.type]).toEqual([422, 'application/problem+json']);
    expect(refused.json()).toMatchObject({ detail: expect.stringContaining('gateway.yaml:3:1') as string });
  });

  it('keeps what is internal to itself when an action fails', async () => {
    const drain = (): never => {
      throw new Error('secret place');
    };
    const { admin } = await watchedGateway({}, { drain });

    const answer = await admin.post('/drain');

    expect([answer.status, answer.type]).toEqual([500, 'application/problem+json']);
    expect(answer.text).not.toContain('secret place');
  });
});

describe('a parameter', () => {
  it.each([
    ['/live?verbose', 'There is no parameter "verbose". There are none here.'],
    ['/clusters?fmt=json', 'There is no parameter "fmt". There is: format.'],
    ['/clusters?format=xml', 'format: expected text or json, found "xml".'],
    ['/clusters?format=json&format=json', 'format: given more than once.'],
    ['/passports?limit=0', 'limit: expected a whole number from 1 to 1000, found "0".'],
    ['/passports?limit=1e3', 'limit: expected a whole number from 1 to 1000, found "1e3".'],
    ['/passports?min-ms=-1', 'min-ms: expected a number from 0, found "-1".'],
    ['/passports?status=5x', 'status: expected a status like 404 or 5xx, or none, found "5x".'],
    ['/passports?order=fast', 'order: expected recent or slowest, found "fast".'],
    ['/clusters?format=%3Cscript%3E', 'format: expected text or json, found "<script>".'],
  ])('that is wrong (%s) is a 400 that says what was expected', async (target, detail) => {
    const { admin } = await watchedGateway();

    const answer = await admin.get(target);

    expect([answer.status, answer.type]).toEqual([400, 'application/problem+json']);
    expect(answer.json()).toMatchObject({ detail });
  });

  it('of any length is cut in the answer, and refused by the codec beyond 4 KiB', async () => {
    const { admin } = await watchedGateway();

    const long = await admin.get(`/clusters?format=${'x'.repeat(3_000)}`);
    const huge = await admin.get(`/clusters?format=${'x'.repeat(5_000)}`);

    expect([long.status, huge.status, huge.type]).toEqual([400, 414, 'application/problem+json']);
    expect(long.text.length).toBeLessThan(400);
  });
});

it.each(['/', '/nothing', '/drain'])('tells browsers to be careful with the answer to %s', async (path) => {
  const { admin } = await watchedGateway();

  const { header } = await admin.get(path, { origin: 'http://evil.example' });

  expect(header('x-content-type-options')).toBe('nosniff');
  expect(header('cache-control')).toBe('no-store');
  expect(header('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(header('access-control-allow-origin')).toBeUndefined();
  expect(header('proxy-status')).toBeUndefined();
});
