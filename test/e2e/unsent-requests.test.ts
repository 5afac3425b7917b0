import { expect, it } from 'vitest';
import { RawOrigin } from './support/raw-origin.ts';
import { startGateway } from './support/start-gateway.ts';
import { dial } from './support/wire.ts';
import type { Wire } from './support/wire.ts';

const CLIENTS = 40;
// The first make a crowd of the clients, whose requests then wait for the end of a turn.
const ROUNDS = 24;
const ROUNDS_OF_A_CONNECTION = 6;

it('a crowd of POSTs whose kept connections end in the same moment has every response, and is sent once', async () => {
  const origin = new EchoingOrigin();
  const { port } = await startGateway((await RawOrigin.listen(origin.serve)).port);
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => dial(port)));
  for (let round = 1; round <= ROUNDS; round++) {
    for (const [at, client] of clients.entries()) {
      client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n${id(round, at)}`);
    }
    if (round % ROUNDS_OF_A_CONNECTION === 0) origin.endConnections();
    for (const [at, client] of clients.entries()) {
      const [, status, body] = await client.take(/^HTTP\/1\.1 (\d+)[^]*?\r\n\r\n([^]{5})/);
      expect([status, body]).toEqual(['200', id(round, at)]);
    }
  }

  expect(origin.received).toHaveLength(CLIENTS * ROUNDS);
  expect(new Set(origin.received).size).toBe(CLIENTS * ROUNDS);
}, 30_000);

/** Answers requests with their bodies of 5 bytes, until it is told to end its connections. */
class EchoingOrigin {
  readonly received: string[] = [];
  #open: Wire[] = [];

  readonly serve = (wire: Wire): void => {
    this.#open.push(wire);
    let unread = '';
    wire.socket.on('data', (bytes: Buffer) => {
      unread += bytes.toString('latin1');
      for (let match = REQUEST.exec(unread); match !== null; match = REQUEST.exec(unread)) {
        const [request, body = ''] = match;
        unread = unread.slice(request.length);
        this.received.push(body);
        if (!wire.socket.writableEnded) wire.send(`HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n${body}`);
      }
    });
  };

  endConnections(): void {
    for (const { socket } of this.#open) socket.end();
    this.#open = [];
  }
}

const REQUEST = /^POST [^]*?\r\n\r\n([^]{5})/;

function id(round: number, client: number): string {
  return `${round}.${client}`.padEnd(5);
}
