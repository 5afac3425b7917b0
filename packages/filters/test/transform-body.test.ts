import { createGzip, gunzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { HttpContent, HttpHeaders, LastHttpContent } from '@sluice/codec-http';
import { FilterTimeoutError, RequestCancelledError } from '@sluice/filters';
import type { BodyPiece } from '@sluice/filters';
import { describe, expect, it } from 'vitest';
import { chunk, CHUNKED_POST, Client, deferred, far, GET, inbound, outbound, post, text } from './support.ts';

type Transform = (message: unknown, body: AsyncIterable<HttpContent>) => AsyncIterable<BodyPiece>;

const upper: Transform = async function* upper(_message, body) {
  for await (const { data } of body) if (data.length > 0) yield Buffer.from(String(data).toUpperCase());
};

describe('transformBody', () => {
  it('changes a response while it streams; its end and trailers stay', async () => {
    const { endpoint, sides } = far();
    const client = new Client({ filters: [outbound({ transformBody: upper })], endpoint });

    client.send(GET);
    sides[0]?.respond({ contentLength: 6 });
    sides[0]?.body('abc');
    await client.settle();
    expect(client.received()).toMatch(/transfer-encoding: chunked\r\nDate: [^\r]+\r\n\r\n3\r\nABC\r\n$/);
    sides[0]?.last('def', [['x-sum', '1']]);
    await client.settle();

    expect(client.received()).toBe('3\r\nDEF\r\n0\r\nx-sum: 1\r\n\r\n');
    expect(sides[0]?.ends).toEqual([true]);
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('changes a request while it streams, among filters that look at pieces', async () => {
    const { endpoint, sides } = far();
    const tag = (name: string): ReturnType<typeof inbound> =>
      inbound({
        processContentChunk: (_request, { data }) =>
          new HttpContent(Buffer.from(data.length > 0 ? `${String(data)}${name}` : '')),
      });
    const client = new Client({ filters: [tag('a'), inbound({ transformBody: upper }), tag('b')], endpoint });

    await client.sendAndSettle(CHUNKED_POST, chunk('x'));
    await client.sendAndSettle(chunk('y'), '0\r\nx-sum: 2\r\n\r\n');

    expect(sides[0]?.log).toEqual(['XAb', 'YAb', '|x-sum,2|end']);
  });

  it('may be followed by another, and by a filter that wants the whole body', async () => {
    const twice: Transform = async function* twice(_message, body) {
      for await (const { data } of body) yield* [new HttpContent(data), new HttpContent(data)];
    };
    const seen: unknown[] = [];
    const look = outbound({ needsBodyBuffered: () => true, apply: (r) => void seen.push(r.bodyAsText) });
    const filters = [outbound({ transformBody: twice }), outbound({ transformBody: upper }), look];
    const client = new Client({ filters, endpoint: text('ab') });

    client.send(GET);
    await client.settle(100);

    expect(seen).toEqual(['ABAB']);
    expect(client.received()).toMatch(/\r\n\r\n4\r\nABAB\r\n0\r\n\r\n$/);
  });

  it("takes a stream of the platform's", async () => {
    const gzip: Transform = (_message, body) => Readable.from(dataOf(body)).pipe(createGzip());
    const bodies: Buffer[] = [];
    const look = outbound({
      needsBodyBuffered: () => true,
      apply: ({ body }) => void (body && bodies.push(body)),
    });
    const client = new Client({
      filters: [outbound({ transformBody: gzip }), look],
      endpoint: text('hello'),
    });

    client.send(GET);
    while (bodies.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      client.channel.runPendingTasks();
    }

    expect(gunzipSync(bodies[0] ?? '').toString()).toBe('hello');
  });

  it('may end the body before its time, and drops the rest', async () => {
    const { endpoint, sides } = far();
    let isClosed = false;
    const first: Transform = async function* first(_message, body) {
      try {
        for await (const { data } of body) {
          yield new LastHttpContent(data, HttpHeaders.of([['x-cut', '1']]));
        }
      } finally {
        isClosed = true;
      }
    };
    const client = new Client({ filters: [inbound({ transformBody: first })], endpoint });

    await client.sendAndSettle(CHUNKED_POST, chunk('a'), chunk('b'));
    await client.sendAndSettle(chunk('c'), '0\r\n\r\n');

    expect(sides[0]?.log).toEqual(['a|x-cut,1|end']);
    expect(isClosed).toBe(true);
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('makes its sender wait while it takes nothing, and lets it go on', async () => {
    const go = deferred<void>();
    const slow: Transform = async function* slow(_message, body) {
      await go.promise;
      yield* body;
    };
    const { endpoint, sides } = far();
    const client = new Client({ filters: [inbound({ transformBody: slow })], endpoint });
    const much = 'x'.repeat(70_000);

    await client.sendAndSettle(post(much, much.length + 1));
    expect(client.channel.areReadsPaused).toBe(true);
    go.resolve();
    await client.settle();
    expect(client.channel.areReadsPaused).toBe(false);
    await client.sendAndSettle('y');

    expect(sides[0]?.log.join('')).toBe(`${much}y|end`);
  });

  it('is not asked for more than its receiver takes', async () => {
    let made = 0;
    const endless: Transform = async function* endless() {
      for (;;) {
        made++;
        yield Buffer.from('x');
        if (made > 100) throw new Error('nobody waits for it');
      }
    };
    const { endpoint, sides } = far();
    const client = new Client({ filters: [outbound({ transformBody: endless })], endpoint });

    client.channel.setUserDefinedWritability(1, false);
    client.send(GET);
    sides[0]?.respond();
    await client.settle();
    expect(made).toBe(0);
    client.channel.setUserDefinedWritability(1, true);
    await client.settle();
    client.channel.setUserDefinedWritability(1, false);
    await client.settle();
    const before = made;
    await client.settle();

    expect(before).toBeGreaterThan(0);
    expect(made - before).toBeLessThanOrEqual(1);
    client.leave();
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('waits while a filter behind it is under way and much is held, and goes on then', async () => {
    const later = deferred<void>();
    let given = 0;
    const count: Transform = async function* count(_message, body) {
      for await (const piece of body) {
        given++;
        yield piece;
      }
    };
    const { endpoint, sides } = far();
    const filters = [inbound({ transformBody: count }), inbound({ apply: () => later.promise })];
    const client = new Client({ filters, endpoint });
    const piece = 'x'.repeat(40_000);

    await client.sendAndSettle(CHUNKED_POST, ...[1, 2, 3, 4, 5].map(() => chunk(piece)), '0\r\n\r\n');
    expect(given).toBe(2);
    expect(client.channel.areReadsPaused).toBe(true);
    later.resolve();
    await client.settle(30);

    expect(sides[0]?.log).toEqual([piece, piece, piece, piece, piece, '|end']);
    expect(client.channel.areReadsPaused).toBe(false);
  });

  it('waits while the endpoint asks the client to wait', async () => {
    let given = 0;
    const count: Transform = async function* count(_message, body) {
      for await (const piece of body) {
        given++;
        yield piece;
      }
    };
    const { endpoint, sides } = far((side) => side.downstream.pauseReads());
    const client = new Client({ filters: [inbound({ transformBody: count })], endpoint });

    await client.sendAndSettle(CHUNKED_POST, chunk('a'), chunk('b'), '0\r\n\r\n');
    expect(given).toBe(0);
    sides[0]?.downstream.resumeReads();
    await client.settle();

    expect(sides[0]?.log).toEqual(['a', 'b', '|end']);
  });

  it.each([
    { what: 'throws at once', transformBody: () => raise(new Error('the secret')) },
    { what: 'throws later', transformBody: failing },
    {
      what: 'gives what is no piece',
      transformBody: async function* odd(): AsyncGenerator<BodyPiece> {
        yield 'text' as never;
      },
    },
    { what: 'gives what is no iterable', transformBody: () => undefined as never },
  ])(
    'that $what before the response has started is answered, though it fails open',
    async ({ transformBody }) => {
      const { endpoint, sides } = far();
      const faulty = inbound({ transformBody }, { onFailure: 'open' });
      const client = new Client({ filters: [faulty], endpoint });

      const received = await client.sendAndSettle(CHUNKED_POST, chunk('a'));

      expect(received).toMatch(/^HTTP\/1.1 500 [^]*connection: close/);
      expect(received).not.toContain('secret');
      expect(sides[0]?.ends ?? [false]).toEqual([false]);
      expect(client.channel.areReadsPaused).toBe(false);
    },
  );

  it('that fails after the response has started cuts it', async () => {
    const { endpoint, sides } = far();
    const client = new Client({ filters: [outbound({ transformBody: failing })], endpoint });

    client.send(GET);
    sides[0]?.respond();
    sides[0]?.body('a');
    await client.settle();

    expect(client.channel.isOpen).toBe(false);
    expect(sides[0]?.context.filterErrors).toHaveLength(1);
    expect(sides[0]?.ends).toEqual([false]);
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('has failed when it stands still for its time, with pieces to work on', async () => {
    const stuck: Transform = async function* stuck(_message, body) {
      for await (const piece of body) {
        await new Promise<void>(() => {});
        yield piece;
      }
    };
    const { endpoint, sides } = far();
    const client = new Client({ filters: [inbound({ transformBody: stuck }, { timeoutMs: 50 })], endpoint });

    await client.sendAndSettle(CHUNKED_POST, chunk('a'));
    client.channel.clock.advance(500);
    expect(client.received()).toBe('');
    await client.sendAndSettle(chunk('b'));
    client.channel.clock.advance(100);

    expect(client.received()).toContain('HTTP/1.1 500');
    expect(sides[0]?.context.error).toBeInstanceOf(FilterTimeoutError);
    client.channel.clock.advance(5_000);
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('hears that the client has gone', async () => {
    const causes: unknown[] = [];
    let isClosed = false;
    const waiting: Transform = async function* waiting(_message, body) {
      try {
        for await (const piece of body) yield piece;
      } catch (cause) {
        causes.push(cause);
      } finally {
        isClosed = true;
      }
    };
    const { endpoint, sides } = far();
    const client = new Client({ filters: [inbound({ transformBody: waiting })], endpoint });

    await client.sendAndSettle(CHUNKED_POST, chunk('a'));
    client.leave();
    await client.settle();

    expect(sides[0]?.log).toEqual(['a']);
    expect([causes[0], isClosed]).toEqual([expect.any(RequestCancelledError), true]);
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('must be the only one of the two ways', () => {
    const both = inbound(
      { transformBody: upper, processContentChunk: (_m, piece) => piece },
      { name: 'both' },
    );

    expect(() => new Client({ filters: [both] })).toThrow(
      'The filter both has both processContentChunk and transformBody; expected one.',
    );
  });
});

async function* failing(_message: unknown, body: AsyncIterable<HttpContent>): AsyncGenerator<HttpContent> {
  for await (const piece of body) {
    if (piece.data.length > 0) throw new Error('the secret');
    yield piece;
  }
}

async function* dataOf(body: AsyncIterable<HttpContent>): AsyncGenerator<Buffer> {
  for await (const { data } of body) if (data.length > 0) yield data;
}

function raise(cause: unknown): never {
  throw cause;
}
