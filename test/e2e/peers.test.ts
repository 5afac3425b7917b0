import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Pool } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findPeer } from '../support/process/find-program.ts';
import { ask, bodyOf } from './support/http-client.ts';
import { startGateway, startHttpOrigin } from './support/start-gateway.ts';
import { startNginx } from './support/start-nginx.ts';
import { sha256 } from './support/wire.ts';

const run = promisify(execFile);
const nginx = findPeer('nginx');
const curl = findPeer('curl');

describe.skipIf(nginx === undefined)('nginx as origin', () => {
  it('serves files of any size, on kept connections, which it ends as it likes', async () => {
    const large = randomBytes(5 * 1024 * 1024);
    const files = { empty: Buffer.alloc(0), small: Buffer.from('small\n'), large };
    const { port } = await startGateway(await startNginx(nginx ?? '', files));
    for (let round = 0; round < 10; round++) {
      for (const [name, content] of Object.entries(files)) {
        const answer = await ask(port, { path: `/${name}` });
        expect([answer.status, sha256(answer.body)]).toEqual([200, sha256(content)]);
      }
    }

    expect((await ask(port, { path: '/missing' })).status).toBe(404);
  });

  it('answers HEAD, ranges and conditions through the gateway as directly', async () => {
    const originPort = await startNginx(nginx ?? '', { file: Buffer.from('0123456789') });
    const { port } = await startGateway(originPort);
    const both = async (method: string, headers: Record<string, string>) =>
      Promise.all([port, originPort].map((at) => ask(at, { method, path: '/file', headers })));
    const [{ headers }] = (await both('HEAD', {})) as [Awaited<ReturnType<typeof ask>>];
    for (const [method, fields, status] of [
      ['HEAD', {}, 200],
      ['GET', { range: 'bytes=2-4' }, 206],
      ['GET', { 'if-none-match': String(headers.etag) }, 304],
      ['POST', { 'content-length': '0' }, 405],
    ] as const) {
      const [proxied, direct] = await both(method, fields);
      expect(proxied?.status).toBe(status);
      expect(proxied?.body).toEqual(direct?.body);
      expect(proxied?.headers['content-length']).toBe(direct?.headers['content-length']);
    }
  });
});

describe.skipIf(curl === undefined)('curl as client', () => {
  it('uploads and downloads, with both framings and an expectation', async () => {
    const originPort = await startHttpOrigin(async (request, response) => {
      const body = await bodyOf(request);
      response.end(`${request.method} ${request.headers.expect} ${body.length} ${sha256(body)}`);
    });
    const { port } = await startGateway(originPort);
    const text = 'sluice '.repeat(300_000);
    const upload = async (...args: string[]): Promise<string> => {
      const child = run(curl ?? '', ['-sS', '--data-binary', '@-', ...args, `http://127.0.0.1:${port}/`]);
      child.child.stdin?.end(text);
      return (await child).stdout;
    };
    const seen = `${text.length} ${sha256(Buffer.from(text))}`;

    expect(await upload()).toBe(`POST undefined ${seen}`);
    expect(await upload('-H', 'Expect: 100-continue')).toBe(`POST undefined ${seen}`);
    expect(await upload('-X', 'PUT', '-H', 'Transfer-Encoding: chunked')).toBe(`PUT undefined ${seen}`);
    expect(await upload('--http1.0')).toBe(`POST undefined ${seen}`);
  });

  it('sends several requests on one connection', async () => {
    const originPort = await startHttpOrigin((request, response) => response.end(`${request.url}\n`));
    const { port } = await startGateway(originPort);
    const urls = ['/a', '/b', '/c'].map((path) => `http://127.0.0.1:${port}${path}`);
    const { stdout, stderr } = await run(curl ?? '', ['-sSv', ...urls]);

    expect(stdout).toBe('/a\n/b\n/c\n');
    expect(stderr.match(/Connected to/g)).toHaveLength(1);
  });
});

describe('undici as client', () => {
  it('gets the response to an upload that the origin answers before it has read it', async () => {
    const originPort = await startHttpOrigin((_request, response) => {
      response.writeHead(413).end('too large');
    });
    const client = await poolTo(originPort);
    const { statusCode, body } = await client.request({
      method: 'POST',
      path: '/',
      body: Buffer.alloc(256 * 1024),
    });

    expect([statusCode, await body.text()]).toEqual([413, 'too large']);
  });

  it('has its requests and their trailers in order on kept connections', async () => {
    const originPort = await startHttpOrigin(async (request, response) => {
      const received = await bodyOf(request);
      response.writeHead(200, { trailer: 'x-sum' });
      response.write(`${request.url} ${received.length}`);
      response.addTrailers({ 'x-sum': sha256(received) });
      response.end();
    });
    const client = await poolTo(originPort);
    const bodies = Array.from({ length: 40 }, (_, at) => Buffer.alloc(at * 997, at));
    await Promise.all(
      bodies.map(async (sent, at) => {
        const { body, trailers } = await client.request({ method: 'PUT', path: `/${at}`, body: sent });
        expect(await body.text()).toBe(`/${at} ${sent.length}`);
        expect(trailers).toEqual({ 'x-sum': sha256(sent) });
      }),
    );
  });
});

async function poolTo(originPort: number): Promise<Pool> {
  const { port } = await startGateway(originPort);
  const client = new Pool(`http://127.0.0.1:${port}`, { connections: 8 });
  onTestFinished(() => client.destroy());
  return client;
}
