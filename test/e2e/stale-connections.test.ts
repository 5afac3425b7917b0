import { describe, expect, it } from 'vitest';
import { RawOrigin } from './support/raw-origin.ts';
import { startGateway } from './support/start-gateway.ts';
import { dial } from './support/wire.ts';
import type { Wire } from './support/wire.ts';

const ROUNDS = 1500;
const CLIENTS = 8;

/**
 * Answers every request, and then ends the connection at some moment around the arrival of the
 * next one, as an origin does whose idle time is up. It counts each request by its id.
 */
class HastyOrigin {
  readonly seen = new Map<string, number>();
  ended = 0;
  #answered = 0;

  readonly serve = (wire: Wire): void => {
    let unread = '';
    wire.socket.on('data', (bytes: Buffer) => {
      unread += bytes.toString('latin1');
      for (let end = unread.indexOf('\r\n\r\n'); end >= 0; end = unread.indexOf('\r\n\r\n')) {
        const [, id = ''] = /\/(\S+) /.exec(unread) ?? [];
        unread = unread.slice(end + 4);
        // A connection that has ended takes no more requests, as its server sees it.
        if (wire.socket.writableEnded) return;
        this.seen.set(id, (this.seen.get(id) ?? 0) + 1);
        wire.send(`HTTP/1.1 200 OK\r\ncontent-length: ${id.length}\r\n\r\n${id}`);
        this.#endSoon(wire);
      }
    });
  };

  // By turns of the event loop, not by time: the race is with the next request's way here.
  #endSoon(wire: Wire): void {
    const turns = this.#answered++ % 6;
    const wait = (left: number): void => {
      if (left > 0) setImmediate(() => wait(left - 1));
      else {
        this.ended++;
        wire.socket.end();
      }
    };
    if (turns > 0) wait(turns);
  }
}

describe('an origin that ends kept connections as requests come', () => {
  it(`costs no GET its response in ${ROUNDS} rounds`, async () => {
    const origin = new HastyOrigin();
    const statuses = await race(origin, 'GET', '');

    expect(statuses).toEqual(new Map([['200', ROUNDS]]));
    expect(origin.ended).toBeGreaterThan(ROUNDS / 4);
  }, 30_000);

  it(`gets no POST twice in ${ROUNDS} rounds`, async () => {
    const origin = new HastyOrigin();
    const statuses = await race(origin, 'POST', 'Content-Length: 0\r\n');
    const answered = statuses.get('200') ?? 0;

    expect([...origin.seen.values()].filter((times) => times > 1)).toEqual([]);
    expect(answered + (statuses.get('502') ?? 0)).toBe(ROUNDS);
    expect(origin.seen.size).toBeGreaterThanOrEqual(answered);
  }, 30_000);
});

/** Sends that many requests, each with an id of its own, from several clients; counts the statuses. */
async function race(hasty: HastyOrigin, method: string, fields: string): Promise<Map<string, number>> {
  const origin = await RawOrigin.listen(hasty.serve);
  const { port } = await startGateway(origin.port);
  const statuses = new Map<string, number>();
  const run = async (client: Wire, first: number): Promise<void> => {
    for (let id = first; id < ROUNDS; id += CLIENTS) {
      client.send(`${method} /r${id} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`);
      const [head, status = ''] = await client.take(/^HTTP\/1\.1 (\d+)[^]*?\r\n\r\n/);
      const [, length = '0'] = /content-length: (\d+)/i.exec(head) ?? [];
      const [body] = await client.take(new RegExp(`^[^]{${length}}`));
      if (status === '200') expect(body).toBe(`r${id}`);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => dial(port)));
  await Promise.all(clients.map(run));
  return statuses;
}
