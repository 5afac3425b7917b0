import { HttpResponse } from '@sluice/codec-http';
import { HttpStatusError } from '@sluice/filters';
import { CloseOnIdleStateHandler, IdleStateHandler } from '@sluice/handler-idle-state';
import { describe, expect, it } from 'vitest';
import { CHUNKED_POST, chunk, Client, deferred, far, GET, inbound, outbound, post } from './support.ts';

const UPGRADE = 'GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n';
const SWITCH = { status: 101, framing: 'none', upgrade: 'websocket' } as const;

describe('a streaming endpoint', () => {
  it('has the body as it comes and answers as it likes', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(CHUNKED_POST, chunk('a'));
    expect(sides[0]?.downstream.isRequestComplete).toBe(false);
    client.send(chunk('b'), '0\r\nx-sum: 2\r\n\r\n');
    expect(sides[0]?.downstream.isRequestComplete).toBe(true);
    sides[0]?.respond({ contentLength: 4 });
    sides[0]?.body('ok');
    expect(client.received()).toMatch(/content-length: 4\r\nDate: [^\r]+\r\n\r\nok$/);
    sides[0]?.last('ay');

    expect(client.received()).toBe('ay');
    expect(sides[0]?.log).toEqual(['a', 'b', '|x-sum,2|end']);
    expect(sides[0]?.ends).toEqual([true]);
  });

  it('passes interim responses on, without filters, up to its response', () => {
    const { endpoint, sides } = far();
    const mark = outbound({ apply: (response) => void response.headers.set('x-mark', '1') });
    const client = new Client({ endpoint, filters: [mark] });
    const hints = (): HttpResponse => new HttpResponse({ status: 103, framing: 'none' });

    client.send(GET);
    sides[0]?.downstream.inform(hints());
    expect(client.received()).toBe('HTTP/1.1 103 Early Hints\r\n\r\n');
    sides[0]?.respond({ contentLength: 0 });
    sides[0]?.downstream.inform(hints());
    sides[0]?.last();
    sides[0]?.downstream.inform(hints());

    expect(client.received()).toMatch(
      /^HTTP\/1.1 200 OK\r\ncontent-length: 0\r\nDate: [^\r]+\r\nx-mark: 1\r\n\r\n$/,
    );
  });

  it('answers once; what comes after the end is dropped', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(GET);
    sides[0]?.respond({ contentLength: 1 });
    sides[0]?.respond({ status: 201 });
    sides[0]?.last('a');
    sides[0]?.body('b');
    sides[0]?.last('c');
    sides[0]?.downstream.fail(new Error('late'));

    expect(client.received()).toMatch(/^HTTP\/1.1 200 OK\r\ncontent-length: 1\r\nDate: [^\r]+\r\n\r\na$/);
    expect(client.send(GET)).toBe('');
    expect(sides).toHaveLength(2);
  });

  it('may have answered before it has said who is to be told of the end', () => {
    const { endpoint, sides } = far((side) => {
      side.respond({ contentLength: 0 });
      side.last();
    });
    const client = new Client({ endpoint });

    expect(client.send(GET)).toContain('content-length: 0');
    expect(sides[0]?.ends).toEqual([true]);
  });

  it('may fail before it has said who is to be told of the end', () => {
    const { endpoint, sides } = far((side) => side.downstream.fail(new HttpStatusError(503, 'Busy.')));
    const client = new Client({ endpoint });

    expect(client.send(GET)).toContain('HTTP/1.1 503');
    expect(sides[0]?.ends).toEqual([false]);
  });

  it('that fails before the response is answered for', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(GET);
    sides[0]?.downstream.fail(new HttpStatusError(504, 'Too slow.'));
    sides[0]?.respond();

    expect(client.received()).toMatch(/^HTTP\/1.1 504 [^]*\}\n$/);
    expect(sides[0]?.ends).toEqual([false]);
    expect(client.channel.isOpen).toBe(true);
  });

  it('that fails while a filter holds its response is answered for', () => {
    const { endpoint, sides } = far();
    const hold = outbound({ apply: () => new Promise<void>(() => {}) });
    const client = new Client({ endpoint, filters: [hold] });

    client.send(GET);
    sides[0]?.respond();
    sides[0]?.downstream.fail(new HttpStatusError(502, 'Gone.'));

    expect(client.received()).toMatch(/^HTTP\/1.1 502 [^]*\}\n$/);
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('that fails in the middle of its response cuts it', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(GET);
    sides[0]?.respond();
    sides[0]?.body('half');
    sides[0]?.downstream.fail(new Error('gone'));

    expect(client.received()).toMatch(/4\r\nhalf\r\n$/);
    expect(client.channel.isOpen).toBe(false);
    expect(sides[0]?.ends).toEqual([false]);
    expect(sides[0]?.context.isCancelled).toBe(true);
  });

  it('that answers early ends the connection, once the client has closed or lingered', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(post('a', 10));
    sides[0]?.respond({ status: 413, contentLength: 0 });
    sides[0]?.last();

    expect(client.received()).toMatch(/^HTTP\/1.1 413 [^]*connection: close\r\nDate: [^\r]+\r\n\r\n$/);
    expect(sides[0]?.ends).toEqual([true]);
    expect(client.send('bcd')).toBe('');
    expect(client.channel.isOpen).toBe(true);
    client.channel.endInput();
    expect(client.channel.isOpen).toBe(false);
  });

  it('whose head can not be sent is answered for', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(GET);
    sides[0]?.respond({ framing: 'length' });
    sides[0]?.last();

    expect(client.received()).toMatch(/^HTTP\/1.1 500 [^]*connection: close\r\n[^]*\}\n$/);
    expect(sides[0]?.ends).toEqual([false]);
  });

  it('answers HEAD with its head alone', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send('HEAD / HTTP/1.1\r\nhost: a\r\n\r\n');
    sides[0]?.respond({ contentLength: 100 });
    sides[0]?.last();

    expect(client.received()).toMatch(/^HTTP\/1.1 200 OK\r\ncontent-length: 100\r\nDate: [^\r]+\r\n\r\n$/);
    expect(sides[0]?.ends).toEqual([true]);
  });

  it('has pipelined requests one after the other', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(GET + GET + GET);
    for (let at = 0; at < 3; at++) {
      expect(sides).toHaveLength(at + 1);
      sides[at]?.respond({ status: 200 + at, contentLength: 0 });
      sides[at]?.last();
      client.channel.runPendingTasks();
    }

    expect(client.received().match(/HTTP\/1.1 \d+/g)).toEqual([
      'HTTP/1.1 200',
      'HTTP/1.1 201',
      'HTTP/1.1 202',
    ]);
    expect(client.channel.areReadsPaused).toBe(false);
  });
});

describe('back-pressure', () => {
  it('stops and resumes the client as often as the endpoint asks, and at the end', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(post('a', 10));
    sides[0]?.downstream.pauseReads();
    sides[0]?.downstream.pauseReads();
    sides[0]?.downstream.resumeReads();
    expect(client.channel.areReadsPaused).toBe(true);
    sides[0]?.downstream.fail(new Error('gone'));

    expect(client.channel.areReadsPaused).toBe(false);
    sides[0]?.downstream.pauseReads();
    sides[0]?.downstream.resumeReads();
    expect(client.channel.areReadsPaused).toBe(false);
  });

  it('tells the endpoint what the client takes', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(GET);
    client.channel.setUserDefinedWritability(1, false);
    client.channel.runPendingTasks();
    expect([sides[0]?.isPaused, sides[0]?.downstream.isWritable]).toEqual([true, false]);
    client.channel.setUserDefinedWritability(1, true);
    client.channel.runPendingTasks();

    expect([sides[0]?.isPaused, sides[0]?.downstream.isWritable]).toEqual([false, true]);
  });

  it('stops the client while a filter is under way and much is held', async () => {
    const later = deferred<void>();
    const { endpoint, sides } = far();
    const client = new Client({ endpoint, filters: [inbound({ apply: () => later.promise })] });
    const much = 'x'.repeat(64 * 1024);

    client.send(post(much, much.length + 2));
    expect(client.channel.areReadsPaused).toBe(false);
    client.send('y');
    expect(client.channel.areReadsPaused).toBe(true);
    later.resolve();
    await client.settle();

    expect(client.channel.areReadsPaused).toBe(false);
    expect(sides[0]?.log).toEqual([much, 'y']);
  });

  it('stops the endpoint while a filter is under way, whatever the client takes', async () => {
    const later = deferred<void>();
    const { endpoint, sides } = far();
    const client = new Client({ endpoint, filters: [outbound({ apply: () => later.promise })] });

    client.send(GET);
    sides[0]?.respond();
    sides[0]?.body('x'.repeat(64 * 1024 + 1));
    expect([sides[0]?.isPaused, sides[0]?.downstream.isWritable]).toEqual([true, false]);
    client.channel.pipeline.fireChannelWritabilityChanged();
    expect(sides[0]?.isPaused).toBe(true);
    later.resolve();
    await client.settle();

    expect([sides[0]?.isPaused, sides[0]?.downstream.isWritable]).toEqual([false, true]);
  });
});

it('a client is not idle while the far side takes its request', () => {
  const { endpoint, sides } = far();
  const idle = [new IdleStateHandler({ allIdleMs: 1_000 }), new CloseOnIdleStateHandler()];
  const client = new Client({ endpoint, early: idle });
  client.send(GET);
  for (let times = 0; times < 5; times++) {
    client.channel.clock.advance(900);
    sides[0]?.downstream.requestTaken();
  }
  client.channel.clock.advance(999);
  expect(client.channel.isOpen).toBe(true);
  client.channel.clock.advance(1);

  expect(client.received()).toMatch(/^HTTP\/1.1 504 /);
});

describe('a tunnel', () => {
  it('passes bytes both ways, and ends from either side', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(UPGRADE);
    sides[0]?.respond(SWITCH);
    sides[0]?.downstream.flush();
    expect(client.received()).toMatch(
      /^HTTP\/1.1 101 Switching Protocols\r\n[^]*upgrade: websocket\r\n\r\n$/,
    );
    client.send('ping');
    sides[0]?.downstream.tunnel(Buffer.from('pong'));
    sides[0]?.downstream.flush();
    expect(client.received()).toBe('pong');
    client.channel.endInput();
    client.channel.clock.advance(60_000);
    expect(sides[0]?.log).toEqual(['|end', 'tunnel ping', 'end of tunnel']);
    expect(client.channel.isOpen).toBe(true);
    sides[0]?.downstream.endTunnel();
    client.channel.runPendingTasks();

    expect(client.channel.isOpen).toBe(false);
    expect(sides[0]?.ends).toHaveLength(1);
    expect(sides[0]?.context.statusCategory).toBe('SUCCESS_LOCAL_NOTSET');
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('tells the far side of a client that had closed its sending side before', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(UPGRADE);
    client.channel.endInput();
    expect(sides[0]?.log).toEqual(['|end']);
    sides[0]?.respond(SWITCH);

    expect(sides[0]?.log).toEqual(['|end', 'end of tunnel']);
  });

  it('does not open when its 101 can not be sent', async () => {
    const later = deferred<void>();
    const { endpoint, sides } = far();
    const client = new Client({ endpoint, filters: [outbound({ apply: () => later.promise })] });

    client.send(GET);
    sides[0]?.respond(SWITCH);
    sides[0]?.downstream.tunnel(Buffer.from('hello'));
    later.resolve();
    await client.settle();

    expect(client.received()).toMatch(/^HTTP\/1.1 500 [^]*\}\n$/);
    expect(sides[0]?.ends).toEqual([false]);
    expect(client.channel.isOpen).toBe(true);
  });

  it.each([
    [undefined, false],
    [true, true],
  ])(
    'is open when its client is idle, or not, as its far side ends it when quiet: %s',
    (endsQuietTunnel, isOpen) => {
      const { endpoint, sides } = far((side) => Object.assign(side, { endsQuietTunnel }));
      const idle = [new IdleStateHandler({ allIdleMs: 1_000 }), new CloseOnIdleStateHandler()];
      const client = new Client({ endpoint, early: idle });

      client.send(UPGRADE);
      sides[0]?.respond(SWITCH);
      client.channel.clock.advance(5_000);

      expect(client.channel.isOpen).toBe(isOpen);
    },
  );

  it('waits for the filters of the 101', async () => {
    const later = deferred<void>();
    const { endpoint, sides } = far();
    const client = new Client({ endpoint, filters: [outbound({ apply: () => later.promise })] });

    client.send(UPGRADE);
    sides[0]?.respond(SWITCH);
    sides[0]?.downstream.tunnel(Buffer.from('hello'));
    sides[0]?.downstream.endTunnel();
    later.resolve();
    await client.settle();

    expect(client.received()).toMatch(/^HTTP\/1.1 101 [^]*\r\n\r\nhello$/);
    expect(client.channel.isWritable).toBe(false);
  });
});
