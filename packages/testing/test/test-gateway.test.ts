import { Filter, HttpResponseMessage } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, SessionContext } from '@sluice/filters';
import { fakeOrigin, NoResponseError, rawOrigin, testGateway, unreachableOrigin } from '@sluice/testing';
import type { TestGateway, TestGatewayDeclaration } from '@sluice/testing';
import { describe, expect, it, onTestFinished } from 'vitest';

describe('a test gateway', () => {
  it('takes a request to the origin and its response back', async () => {
    const api = fakeOrigin((request) => ({
      status: 201,
      headers: { 'x-a': '1' },
      body: request.text.toUpperCase(),
    }));
    const gateway = await start({ origins: { api } });
    const response = await gateway.request({
      method: 'POST',
      target: '/a?b',
      headers: { 'x-b': '2' },
      body: 'hello',
    });

    expect(response).toMatchObject({ status: 201, text: 'HELLO', isComplete: true });
    expect(response.headers.get('x-a')).toBe('1');
    expect(api.requests).toMatchObject([
      { method: 'POST', target: '/a?b', authority: 'gateway.test', text: 'hello' },
    ]);
    expect(api.requests[0]?.headers.get('x-b')).toBe('2');
  });

  it('answers bytes with bytes before the call returns', async () => {
    const gateway = await start({ origins: { api: fakeOrigin({ body: 'ok' }) } });
    const client = gateway.connectRaw();
    client.send('GET / HTTP/1.1\r\nhost: a\r\n\r\nGET /b HTTP/1.1\r\nhost: a\r\n\r\n');

    expect(client.received.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    client.send('what?\r\n\r\n');
    expect(client.received).toMatch(/HTTP\/1\.1 400 /);
    expect(client.end).toBe('ended');
  });

  it('keeps a connection for several requests', async () => {
    const api = fakeOrigin((request) => ({ body: request.target }));
    const gateway = await start({ origins: { api } });
    const client = gateway.connect();

    expect((await client.request({ target: '/1' })).text).toBe('/1');
    expect((await client.request({ target: '/2' })).text).toBe('/2');
    expect(api.connections).toBe(1);
    expect(gateway.gateway.connectionCount).toBe(1);
  });

  it('runs filters that wait for promises', async () => {
    const gateway = await start({ origins: { api: fakeOrigin() }, filters: [Slow] });

    expect((await gateway.request()).status).toBe(418);
  });

  it('lets time pass when it is told to', async () => {
    const gateway = await start({ origins: { api: fakeOrigin(() => undefined) } });
    const client = gateway.connect();
    await expect(client.request()).rejects.toThrow(NoResponseError);
    gateway.advance(31_000);

    expect(await client.response()).toMatchObject({ status: 504 });
  });

  it('refuses connections for an origin that is not there', async () => {
    const gateway = await start({ origins: { api: unreachableOrigin } });
    const response = await gateway.request();

    expect(response.status).toBe(502);
    expect(response.headers.get('proxy-status')).toBe('sluice; error=connection_refused');
  });

  it('gives the bytes of an origin into the hand of the test', async () => {
    const api = rawOrigin((connection) => {
      if (!connection.received.endsWith('\r\n\r\n')) return;
      connection.send('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf');
      connection.reset();
    });
    const gateway = await start({ origins: { api } });
    const response = await gateway.request();

    expect(response).toMatchObject({ status: 200, text: 'half', isComplete: false });
    expect(api.received).toMatch(/^GET \/ HTTP\/1\.1\r\n/);
  });

  it('serves several servers of an origin, and origins by routes', async () => {
    const first = fakeOrigin({ body: 'first' });
    const second = fakeOrigin({ body: 'second' });
    const gateway = await start({
      origins: { api: { servers: [first, second] }, web: fakeOrigin({ body: 'web' }) },
      routes: [{ prefix: '/api', origin: 'api' }, { origin: 'web' }],
    });
    const bodies: string[] = [];
    for (const target of ['/api', '/api', '/']) bodies.push((await gateway.request({ target })).text);

    expect(bodies.slice(0, 2).toSorted()).toEqual(['first', 'second']);
    expect(bodies[2]).toBe('web');
  });

  it('serves origins by virtual hosts', async () => {
    const gateway = await start({
      origins: { api: fakeOrigin({ body: 'api' }), web: fakeOrigin({ body: 'web' }) },
      virtualHosts: [{ domains: ['api.example'], routes: [{ origin: 'api' }] }],
    });

    expect((await gateway.request({ host: 'api.example' })).text).toBe('api');
    expect((await gateway.request({ host: 'web.example' })).status).toBe(404);
  });

  it('leaves no connection and no timer when it has stopped', async () => {
    const gateway = await start({ origins: { api: fakeOrigin() } });
    const client = gateway.connect();
    await client.request();
    await gateway.stop();

    expect(client.isOpen).toBe(false);
    expect(gateway.clock.pendingTimers).toBe(0);
  });

  it.each(['close', 'reset'] as const)('sees a client go that does %s', async (leave) => {
    const gateway = await start({ origins: { api: fakeOrigin() } });
    const client = gateway.connectRaw();
    expect(gateway.gateway.connectionCount).toBe(1);
    client[leave]();

    expect(client.isClosed).toBe(true);
    expect(gateway.gateway.connectionCount).toBe(0);
  });

  it('says what is missing when it can not know where requests go', async () => {
    await expect(testGateway({ origins: { a: fakeOrigin(), b: fakeOrigin() } })).rejects.toThrow(
      'There are 2 origins and no routes; say which requests go to which of a, b.',
    );
  });
});

async function start(declaration: TestGatewayDeclaration): Promise<TestGateway> {
  const gateway = await testGateway(declaration);
  onTestFinished(() => gateway.stop());
  return gateway;
}

@Filter({ type: 'inbound' })
class Slow implements InboundFilter {
  async apply(_request: HttpRequestMessage, context: SessionContext): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    context.staticResponse = HttpResponseMessage.make(context, { status: 418 });
  }
}
