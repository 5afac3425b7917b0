import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { pollUntil } from '../support/poll-until.ts';
import { ask } from './support/http-client.ts';
import { GatewayProcess } from './support/spawn-gateway.ts';

const PRELOAD = fileURLToPath(new URL('support/heap-preload.js', import.meta.url));
/** Until all code has run, and what is kept on purpose, as the latest passports, is full. */
const WARM_UP = 2_000;
const ENDS = 10_000;
const AT_A_TIME = 100;
const MAX_GROWTH = 1.05;
const BODY = Buffer.alloc(64 * 1024, 'x');
const UPLOAD = 'POST /ok HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n';

/** How a client, or the origin before it, leaves an exchange. The client's socket is closed then. */
const CONDUCTS: readonly ((client: Socket) => unknown)[] = [
  // At once, within the head, within the body.
  (client) => client.resetAndDestroy(),
  (client) => client.write('GET /ok HTTP/1.1\r\nHo', () => client.resetAndDestroy()),
  (client) => client.write(`${UPLOAD}x`, () => client.resetAndDestroy()),
  // Before the response, within it, after it.
  (client) => client.write(get('/silent'), () => client.resetAndDestroy()),
  (client) => {
    client.write(get('/large'));
    client.once('data', () => client.resetAndDestroy());
  },
  (client) => {
    client.write(get('/ok'));
    client.once('data', () => client.resetAndDestroy());
  },
  // Half open: the request is never complete, or its response is still due.
  (client) => client.end('GET /ok HTTP/1.1\r\nHo').resume(),
  (client) => client.end(`${UPLOAD}x`).resume(),
  (client) => client.end(get('/ok')).resume(),
  // The origin leaves: before its response, and within it.
  (client) => drained(client, get('/reset')),
  (client) => drained(client, get('/cut')),
];

it(
  `takes ${ENDS} abrupt ends with no error left, and keeps nothing of them`,
  { timeout: 180_000 },
  async () => {
    const origin = await startOrigin();
    const gateway = new GatewayProcess(
      ['proxy', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0', '--to', `http://127.0.0.1:${origin}`],
      { NODE_OPTIONS: `--import ${PRELOAD}` },
    );
    await gateway.says(/try: .*\n/);
    const adminPort = Number(/admin: +http:\/\/127\.0\.0\.1:(\d+)/.exec(gateway.stdout)?.[1]);
    const metrics = async () => (await ask(adminPort, { path: '/metrics' })).body.toString();
    const heap = async (times: number) => {
      await pollUntil(metrics, (text) => /^server_connections_current\{.*\} 0$/m.test(text), 10_000);
      gateway.kill('SIGURG');
      const seen = await gateway.logMatches(/heap in use: (?<bytes>\d+)/g, times);
      return Number(seen.at(-1)?.groups?.['bytes']);
    };

    await endAbruptly(gateway.port, WARM_UP);
    const before = await heap(1);
    await endAbruptly(gateway.port, ENDS);
    const after = await heap(2);

    expect((await ask(gateway.port, { path: '/ok' })).status).toBe(200);
    expect(await metrics()).not.toMatch(/^process_unhandled_errors_total\{.*\} [1-9]/m);
    expect(gateway.stderr).not.toMatch(/"level":(?:50|60)/);
    expect(after / before).toBeLessThan(MAX_GROWTH);
  },
);

async function endAbruptly(port: number, ends: number): Promise<void> {
  let left = ends;
  const work = async (): Promise<void> => {
    while (left > 0) {
      const conduct = CONDUCTS[left-- % CONDUCTS.length];
      const client = connect(port, '127.0.0.1');
      client.on('error', () => {});
      const closed = once(client, 'close');
      await once(client, 'connect');
      conduct?.(client);
      await closed;
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
}

function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
}

/** Reads what comes until the gateway has said all that it can, and leaves. */
function drained(client: Socket, request: string): void {
  client.write(request);
  client.once('data', () => client.resetAndDestroy());
}

/** An origin on raw sockets, which does what the path says. */
async function startOrigin(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const path = /^GET (?<path>\S+) /.exec(bytes.toString('latin1'))?.groups?.['path'];
      if (path === '/reset') socket.resetAndDestroy();
      else if (path === '/ok')
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok');
      else if (path === '/large' || path === '/cut') {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n`);
        socket.write(BODY, () => path === '/cut' && socket.resetAndDestroy());
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
