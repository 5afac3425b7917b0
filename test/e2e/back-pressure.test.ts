import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { ask, bodyOf } from './support/http-client.ts';
import { RawOrigin } from './support/raw-origin.ts';
import { spawnGateway } from './support/spawn-gateway.ts';
import { startGateway, startHttpOrigin } from './support/start-gateway.ts';
import { dial, sha256 } from './support/wire.ts';

const MIB = 1024 * 1024;
const BODY_BYTES = 64 * MIB;
// What the kernel's socket buffers hold on the way, four of them, is not the gateway's.
const ON_THE_WAY_BYTES = 40 * MIB;
// What was passed on is garbage, and so much of it waits: from Node.js 24 on V8 collects it later.
const GARBAGE_BYTES = Number.parseInt(process.versions.node, 10) < 24 ? 6 * MIB : 22 * MIB;
const MAX_GROWTH_BYTES = 6 * MIB + GARBAGE_BYTES;

const PIECE = randomBytes(MIB);
const PIECES = Array.from({ length: BODY_BYTES / MIB }, () => PIECE);

describe('a client that does not read', { timeout: 20_000 }, () => {
  it('costs the gateway next to nothing, stops the origin, and gets all when it goes on', async () => {
    const progress = { sentBytes: 0 };
    const originPort = await startHttpOrigin((request, response) => {
      if (request.url === '/small') {
        response.end('ok');
        return;
      }
      response.setHeader('content-length', BODY_BYTES);
      void pipeline(Readable.from(counted(progress), { highWaterMark: 1 }), response);
    });
    const gateway = await spawnGateway(['--to', `http://127.0.0.1:${originPort}`]);
    await serveMeanwhile(gateway.port);
    const before = residentBytes(gateway.pid);
    const client = await dial(gateway.port);
    client.socket.pause();
    client.send('GET /large HTTP/1.1\r\nHost: a\r\n\r\n');
    await serveMeanwhile(gateway.port);
    const { sentBytes } = progress;
    const growth = residentBytes(gateway.pid) - before;

    expect(sentBytes).toBeGreaterThan(0);
    expect(sentBytes).toBeLessThan(ON_THE_WAY_BYTES);
    expect(growth).toBeLessThan(MAX_GROWTH_BYTES);
    expect(await bodyHash(client.socket)).toBe(sha256(...PIECES));
  });
});

describe('an origin that does not read', { timeout: 20_000 }, () => {
  it('stops the client that uploads to it, and gets all when it goes on', async () => {
    const origin = await RawOrigin.listen(undefined, false);
    const smallPort = await startHttpOrigin((_request, response) => response.end('ok'));
    const { gateway, port } = await startGateway(origin.port);
    const other = await startGateway(smallPort);
    const client = await dial(port);
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${BODY_BYTES}\r\n\r\n`);
    const uploaded = pipeline(Readable.from(PIECES, { highWaterMark: 1 }), client.socket, { end: false });
    const wire = await origin.connection();
    await serveMeanwhile(other.port);

    expect(client.socket.bytesWritten - client.socket.writableLength).toBeLessThan(ON_THE_WAY_BYTES);
    expect(gateway.connectionCount).toBe(1);
    const received = bodyHash(wire.socket);
    await uploaded;
    expect(await received).toBe(sha256(...PIECES));
    wire.send('HTTP/1.1 204 No Content\r\n\r\n');
    await client.take(/^HTTP\/1\.1 204/);
  });

  it('gets all of what it was slow to take', async () => {
    const originPort = await startHttpOrigin(async (request, response) => {
      request.pause();
      await once(request, 'readable');
      response.end(sha256(await bodyOf(request)));
    });
    const { port } = await startGateway(originPort);
    const answer = await ask(port, { method: 'POST' }, Buffer.concat(PIECES.slice(0, 16)));

    expect(answer.body.toString()).toBe(sha256(...PIECES.slice(0, 16)));
  });
});

/** The pieces of the body, counted as they are taken. */
function* counted(progress: { sentBytes: number }): Generator<Buffer> {
  for (const piece of PIECES) {
    progress.sentBytes += piece.length;
    yield piece;
  }
}

/** Other requests through the same gateway: what is not held back moves on meanwhile. */
async function serveMeanwhile(port: number): Promise<void> {
  const client = await dial(port);
  for (let count = 0; count < 300; count++) {
    client.send('GET /small HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.take(/\r\n\r\nok/);
  }
  client.socket.end();
}

/** The SHA-256 of the 64 MiB that follow a head. */
function bodyHash(socket: Socket): Promise<string> {
  const hash = createHash('sha256');
  let head = '';
  let missing = BODY_BYTES;
  socket.removeAllListeners('data');
  return new Promise((resolve, reject) => {
    socket.once('close', () => reject(new Error(`${missing} bytes are missing.`)));
    socket.on('data', (bytes: Buffer) => {
      let body = bytes;
      if (missing === BODY_BYTES) {
        head += bytes.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        body = Buffer.from(head.slice(end + 4), 'latin1');
      }
      missing -= body.length;
      hash.update(body);
      if (missing === 0) resolve(hash.digest('hex'));
    });
    socket.resume();
  });
}

function residentBytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;
}
