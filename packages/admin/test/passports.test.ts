import { parsePassport } from '@sluice/passport';
import { fakeOrigin } from '@sluice/testing';
import type { TestGateway } from '@sluice/testing';
import { describe, expect, it } from 'vitest';
import type { PassportReport } from '@sluice/admin';
import { passportLines } from '../src/text/passport-lines.ts';
import { watchedGateway } from './support.ts';
import type { TestAdmin } from './support.ts';

describe('/passports', () => {
  it('shows the latest first, each with what happened and when', async () => {
    const { gateway, admin } = await slowAndFast();

    const [latest, first] = await passports(admin, '');

    expect(latest).toMatchObject({
      method: 'GET',
      path: '/fast',
      status: 204,
      reason: 'SESSION_COMPLETE',
      origin: 'api',
      durationMs: 0,
    });
    expect(first).toMatchObject({
      startedAt: '1970-01-01T00:00:01.000Z',
      path: '/slow',
      status: 503,
      durationMs: 250,
      upstreamHost: '10.1.0.1:80',
      upstreamAttempts: 1,
    });
    expect(first?.states.at(0)).toEqual({ state: 'IN_REQ_HEADERS_RECEIVED', atMs: 0 });
    expect(first?.states.find(({ state }) => state === 'OUT_RESP_HEADERS_SENDING')?.atMs).toBe(250);
    expect(parsePassport(first?.passport ?? '').nowNs()).toBe(250_000_000);
    gateway.advance(60_000);
    expect((await passports(admin, ''))[1]).toEqual(first);
  });

  it('keeps no query, which may hold secrets', async () => {
    const { gateway, admin } = await watchedGateway({ origins: { api: fakeOrigin() } });
    await gateway.request({ target: '/a?token=secret' });

    const { text } = await admin.get('/passports?format=json');

    expect(text).toContain('"/a"');
    expect(text).not.toContain('secret');
  });

  it.each([
    ['&order=slowest', ['/slow', '/fast']],
    ['&path=/s', ['/slow']],
    ['&path=/sl%6Fw', ['/slow']],
    ['&status=503', ['/slow']],
    ['&status=2xx', ['/fast']],
    ['&status=404', []],
    ['&status=none', []],
    ['&min-ms=250', ['/slow']],
    ['&min-ms=250.5', []],
    ['&limit=1', ['/fast']],
    ['&order=slowest&limit=1&path=/', ['/slow']],
  ])('with %s shows %j', async (query, paths) => {
    const { admin } = await slowAndFast();

    expect((await passports(admin, query)).map(({ path }) => path)).toEqual(paths);
  });

  it('shows a request that ended without a response, and says why', async () => {
    const { gateway, admin } = await watchedGateway({ origins: { silent: fakeOrigin(() => undefined) } });
    const client = gateway.connect();
    client.send({ target: '/gone' });
    client.channel.reset();
    await gateway.settle();

    const [report] = await passports(admin, '');

    expect(report).toMatchObject({ path: '/gone', reason: 'CLOSE' });
    expect(report).not.toHaveProperty('status');
    expect(await passports(admin, '&status=2xx')).toEqual([]);
    expect(await passports(admin, '&status=none')).toEqual([report]);
  });

  it('shows of a request that was refused what its client has sent, without the query', async () => {
    const { gateway, admin } = await watchedGateway({ origins: { silent: fakeOrigin(() => undefined) } });
    gateway.connectRaw().send('PUT /cart?key=1 HTTP/1.1\r\n\r\n');
    gateway.connectRaw().send('\x16\x03\x01\n');
    await gateway.settle();

    const [nonsense, put] = await passports(admin, '');
    expect(put).toMatchObject({ method: 'PUT', path: '/cart', status: 400 });
    expect(nonsense).toMatchObject({ status: 400 });
    expect(nonsense).not.toHaveProperty('path');
  });

  it('as text has a line for each state, with a bar where the time went', async () => {
    const { admin } = await slowAndFast();

    const { text } = await admin.get('/passports?path=/slow');

    expect(text).toMatch(/^1970-01-01T00:00:01.000Z GET \/slow 503 250\.000 ms SESSION_COMPLETE /);
    expect(text).toMatch(/^ {6}\+0\.000 {2}IN_REQ_HEADERS_RECEIVED$/m);
    expect(text).toMatch(/^ {4}\+250\.000 {2}FILTERS_OUTBOUND_START ={30}$/m);
    expect((await admin.get('/passports?path=/none')).text).toBe('There is no such request.\n');
  });

  it('writes what a client has sent so that a terminal takes it for text', async () => {
    const { admin } = await slowAndFast();
    const [report] = await passports(admin, '');
    if (report === undefined) throw new Error('There is no passport.');

    const text = passportLines([{ ...report, path: '/\u001b[2J\u00e9 b', requestId: 'a\nGET / 200' }]);

    expect(text).toContain(String.raw` GET /\u001b[2J\u00e9\u0020b 204 `);
    expect(text).toContain(String.raw` id=a\u000aGET\u0020/\u0020200`);
  });
});

async function passports(admin: TestAdmin, query: string): Promise<readonly PassportReport[]> {
  return (await admin.get(`/passports?format=json${query}`)).json() as readonly PassportReport[];
}

/** A request that took 250 ms, and one that took no time. */
async function slowAndFast(): Promise<{ gateway: TestGateway; admin: TestAdmin }> {
  let answerSlow: (response: { status: number }) => void = () => {};
  const slow = new Promise<{ status: number }>((resolve) => (answerSlow = resolve));
  const api = fakeOrigin(({ target }) => (target === '/slow' ? slow : { status: 204 }));
  const { gateway, admin } = await watchedGateway({ origins: { api } });
  gateway.advance(1000);
  const client = gateway.connect();
  client.send({ target: '/slow' });
  gateway.advance(250);
  answerSlow({ status: 503 });
  await client.response();
  await client.request({ target: '/fast' });
  return { gateway, admin };
}
