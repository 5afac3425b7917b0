import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ask, bodyOf } from './support/http-client.ts';
import { RawOrigin } from './support/raw-origin.ts';
import { startGateway, startHttpOrigin } from './support/start-gateway.ts';
import { dial, sha256 } from './support/wire.ts';

const MIB = 1024 * 1024;
const KEEP = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

describe('a request through the gateway', () => {
  it.each([
    ['GET', undefined, {}],
    ['DELETE', undefined, {}],
    ['POST', 'a body', { 'content-length': 6 }],
    ['POST', 'a body', { 'transfer-encoding': 'chunked' }],
    ['PUT', 'a body', { 'content-length': 6 }],
    ['PUT', '', { 'content-length': 0 }],
    ['PATCH', 'a body', { 'transfer-encoding': 'chunked' }],
  ])('%s with the body %j arrives with its framing', async (method, body, headers) => {
    const { port } = await echo();
    const answer = await ask(port, { method, path: '/a%20b?c=%2F', headers }, Buffer.from(body ?? ''));

    expect(JSON.parse(answer.body.toString())).toEqual({
      method,
      url: '/a%20b?c=%2F',
      body: body ?? '',
      length: 'content-length' in headers ? String(headers['content-length']) : undefined,
      coding: 'transfer-encoding' in headers ? 'chunked' : undefined,
    });
  });

  it('gets the head of a GET for a HEAD, and no body', async () => {
    const port = await startHttpOrigin((_request, response) => {
      response.setHeader('content-length', 1234);
      response.end();
    });
    const { port: gatewayPort } = await startGateway(port);
    const client = await dial(gatewayPort);
    client.send('HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');

    await client.take(
      /^HTTP\/1\.1 200 OK\r\n(?:.+\r\n)*content-length: 1234\r\n(?:.+\r\n)*\r\nHTTP\/1\.1 200/i,
    );
  });

  it.each([204, 304])('gets a %i without a body, and the connection goes on', async (status) => {
    const origin = await RawOrigin.listen((wire) => {
      wire.socket.on('data', () => wire.send(`HTTP/1.1 ${status} x\r\netag: "a"\r\n\r\n`));
    });
    const { port } = await startGateway(origin.port);
    const client = await dial(port);
    for (let count = 0; count < 2; count++) {
      client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      const [head] = await client.take(/^HTTP\/1\.1 \d+ (?:.*\r\n)+?\r\n/);
      expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(head).not.toMatch(/content-length|transfer-encoding/i);
    }

    expect(client.received).toBe('');
    expect(origin.accepted).toBe(1);
  });

  it('takes trailers along in both directions', async () => {
    const port = await startHttpOrigin(async (request, response) => {
      await bodyOf(request);
      response.writeHead(200, { trailer: 'x-seen' });
      response.write('body');
      response.addTrailers({ 'x-seen': String(request.trailers['x-sum']) });
      response.end();
    });
    const gateway = await startGateway(port);
    const headers = { te: 'trailers', connection: 'te', 'transfer-encoding': 'chunked' };
    const answer = await ask(gateway.port, { method: 'POST', headers }, Buffer.from('abc'), {
      'x-sum': '294',
    });

    expect(answer.trailers).toEqual({ 'x-seen': '294' });
  });

  it('passes on interim responses as they come', async () => {
    const origin = await RawOrigin.listen();
    const { port } = await startGateway(origin.port);
    const client = await dial(port);
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const wire = await origin.connection();
    await wire.take(/\r\n\r\n/);
    wire.send('HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n');
    await client.take(/^HTTP\/1\.1 103 Early Hints\r\nlink: <\/a\.css>\r\n\r\n/i);
    wire.send(KEEP);

    await client.take(/^HTTP\/1\.1 200 OK\r\n[^]*ok$/);
  });

  it('answers 100 itself and takes the expectation away', async () => {
    const origin = await RawOrigin.listen();
    const { port } = await startGateway(origin.port);
    const client = await dial(port);
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n');
    await client.take(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
    client.send('abc');
    const wire = await origin.connection();
    const [request] = await wire.take(/^POST [^]*\r\n\r\nabc/);

    expect(request).not.toMatch(/expect/i);
  });

  it('passes an expectation on, and what the origin says to it, if it is told to', async () => {
    const origin = await RawOrigin.listen();
    const { port } = await startGateway(origin.port, {}, [
      '--set',
      'client-request-receiver.passExpectations=true',
    ]);
    const head = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n';
    const client = (await dial(port)).send(head);
    const wire = await origin.connection();
    await wire.take(/^POST [^]*\r\nexpect: 100-continue\r\n[^]*\r\n\r\n$/i);
    expect(client.received).toBe('');
    wire.send('HTTP/1.1 100 Continue\r\n\r\n');
    await client.take(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
    client.send('abc');
    await wire.take(/^abc/);
    wire.send(KEEP);
    await client.take(/^HTTP\/1\.1 200 OK\r\n[^]*ok$/);
    client.send(head);
    await wire.take(/^POST [^]*\r\n\r\n$/);
    wire.send('HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n');
    await client.take(/^HTTP\/1\.1 417 [^]*connection: close\r\n[^]*\r\n$/i);

    await wire.ended;
  });

  it('says truly where it comes from, whatever the client claims or nominates', async () => {
    const origin = await RawOrigin.listen();
    const { port } = await startGateway(origin.port);
    const client = await dial(port);
    client.send(
      'GET / HTTP/1.1\r\nHost: a.example\r\nConnection: x-forwarded-for, x-forwarded-proto, via\r\n' +
        'X-Forwarded-For: 6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nX-Kept: yes\r\n\r\n',
    );
    const [head] = await (await origin.connection()).take(/^GET [^]*\r\n\r\n/);

    expect(head).not.toContain('6.6.6.6');
    for (const line of [
      'X-Kept: yes',
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-Proto: http',
      'X-Forwarded-Host: a.example',
      'Via: 1.1 sluice',
    ]) {
      expect(head).toContain(`\r\n${line}\r\n`);
    }
  });

  it('says where it comes from behind a proxy that tells by the PROXY protocol', async () => {
    const origin = await RawOrigin.listen();
    const { port } = await startGateway(origin.port, {}, ['--proxy-protocol', '127.0.0.1/32']);
    const client = await dial(port);
    client.send('PROXY TCP4 203.0.113.7 192.0.2.1 5000 80\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const [head] = await (await origin.connection()).take(/^GET [^]*\r\n\r\n/);

    expect(head).toContain('\r\nX-Forwarded-For: 203.0.113.7\r\n');
  });

  it('answers pipelined requests in their order', async () => {
    const { port } = await echo();
    const client = await dial(port);
    const paths = Array.from({ length: 20 }, (_, number) => `/${number}`);
    client.send(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
    for (const path of paths) {
      const [, seen] = await client.take(/"url":"(\/\d+)"/);
      expect(seen).toBe(path);
    }
  });

  it('sends the head of an upload on before its body comes', async () => {
    const origin = await RawOrigin.listen();
    const { port } = await startGateway(origin.port);
    const client = await dial(port);
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n');
    const wire = await origin.connection();
    await wire.take(/^POST [^]*\r\n\r\n/);
    wire.send('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n');

    await client.take(/^HTTP\/1\.1 401 Unauthorized\r\n[^]*connection: close\r\n/i);
    expect(await wire.ended).toBe('fin');
  });
});

describe('a large body', () => {
  it('of 10 MiB arrives at the client as it was sent', async () => {
    const body = randomBytes(10 * MIB);
    const port = await startHttpOrigin((_request, response) => response.end(body));
    const { port: gatewayPort } = await startGateway(port);
    const answer = await ask(gatewayPort);

    expect(sha256(answer.body)).toBe(sha256(body));
  });

  it.each([{}, { 'content-length': 10 * MIB }])(
    'of 10 MiB with %o arrives at the origin',
    async (headers) => {
      const body = randomBytes(10 * MIB);
      const port = await startHttpOrigin(async (request, response) => {
        response.end(sha256(await bodyOf(request)));
      });
      const { port: gatewayPort } = await startGateway(port);
      const answer = await ask(gatewayPort, { method: 'POST', headers }, body);

      expect(answer.body.toString()).toBe(sha256(body));
    },
  );
});

describe('connections to an origin', () => {
  it('are used again by the requests of other clients', async () => {
    const origin = await RawOrigin.listen((wire) => {
      wire.socket.on('data', () => wire.send(KEEP));
    });
    const { gateway, port } = await startGateway(origin.port);
    for (let count = 0; count < 10; count++) expect((await ask(port)).body.toString()).toBe('ok');

    expect(origin.accepted).toBe(1);
    expect(gateway.getOrigin('origin')?.connectionCount).toBe(1);
  });

  it('are not used again when bytes follow the response', async () => {
    const origin = await RawOrigin.listen((wire) => {
      wire.socket.on('data', () => wire.send(`${KEEP}HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\npoison`));
    });
    const { port } = await startGateway(origin.port);
    for (let count = 0; count < 3; count++) expect((await ask(port)).body.toString()).toBe('ok');

    expect(origin.accepted).toBe(3);
  });

  it('that end behind every response cost no request', async () => {
    const origin = await RawOrigin.listen((wire) => {
      wire.socket.on('data', () => wire.socket.end(KEEP));
    });
    const { port } = await startGateway(origin.port);
    const client = await dial(port);
    for (let count = 0; count < 50; count++) {
      client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await client.take(/^HTTP\/1\.1 200 OK\r\n[^]*?\r\n\r\nok/);
    }

    expect(origin.accepted).toBeGreaterThanOrEqual(50);
  });
});

/** A gateway in front of an origin that answers with what reached it. */
async function echo() {
  const port = await startHttpOrigin(async (request, response) => {
    const body = (await bodyOf(request)).toString();
    const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
    response.end(JSON.stringify({ method: request.method, url: request.url, body, length, coding }));
  });
  return startGateway(port);
}
