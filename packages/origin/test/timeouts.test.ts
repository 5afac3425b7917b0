import { EmbeddedEventLoop, silentLogger, VirtualClock } from '@sluice/core';
import { LastHttpContent } from '@sluice/codec-http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Timeouts } from '../src/proxy/timeouts.ts';
import type { Timeout } from '../src/proxy/timeouts.ts';
import { bytes, leftOf, NOTHING_LEFT, proxyTo, sent } from './support.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi';

describe('Timeouts', () => {
  it('run out each at its own time, unless cancelled, with one timer for each length', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ wait: fc.nat(20), length: fc.integer({ min: 1, max: 3 }), isCancelled: fc.boolean() }),
        ),
        (entries) => {
          const clock = new VirtualClock();
          const timeouts = new Timeouts(new EmbeddedEventLoop(clock, silentLogger));
          const due: number[] = [];
          const ran: number[] = [];
          for (const { wait, length, isCancelled } of entries) {
            clock.advance(wait);
            const timeout = timeouts.start(length * 10, { onTimeout: () => ran.push(clock.now()) });
            if (isCancelled) timeout.cancel();
            else due.push(timeout.dueAt);
            expect(clock.pendingTimers).toBeLessThanOrEqual(3);
          }
          clock.advance(60);

          expect(ran).toEqual(due.toSorted((a, b) => a - b));
          expect(clock.pendingTimers).toBe(0);
        },
      ),
    );
  });

  it('may be cancelled by one another, and twice', () => {
    const clock = new VirtualClock();
    const timeouts = new Timeouts(new EmbeddedEventLoop(clock, silentLogger));
    const ran: number[] = [];
    const second: { timeout?: Timeout } = {};
    timeouts.start(10, { onTimeout: () => second.timeout?.cancel() });
    second.timeout = timeouts.start(10, { onTimeout: () => ran.push(2) });
    timeouts.start(10, { onTimeout: () => ran.push(3) });
    clock.advance(10);
    second.timeout.cancel();

    expect(ran).toEqual([3]);
  });

  it('run out also when a target before them throws', () => {
    const clock = new VirtualClock();
    const timeouts = new Timeouts(new EmbeddedEventLoop(clock, silentLogger));
    const ran: string[] = [];
    const start = (name: string): Timeout => timeouts.start(10, { onTimeout: () => ran.push(name) });
    timeouts.start(10, {
      onTimeout: () => {
        throw new Error('a target');
      },
    });
    start('at the same time');
    clock.advance(5);
    start('later');
    clock.advance(10);
    expect(ran).toEqual(['at the same time', 'later']);
    start('started afterwards');
    clock.advance(10);

    expect(ran).toEqual(['at the same time', 'later', 'started afterwards']);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('the time for all tries', () => {
  it('begins with the end of the request and ends it with 504, whatever is under way', () => {
    const proxy = proxyTo({}, { policy: { timeoutMs: 1000 } });
    const { client, upstream } = proxy.open({ method: 'POST', framing: 'chunked' });
    const channel = proxy.connector.attempt(0).succeed();
    proxy.connector.clock.advance(5000);
    upstream.content(LastHttpContent.EMPTY);
    proxy.connector.clock.advance(999);
    expect(client.error).toBeUndefined();
    proxy.connector.clock.advance(1);

    expect(client.error).toMatchObject({ status: 504, flag: 'UT', details: 'upstream_response_timeout' });
    expect(channel.isOpen).toBe(false);
    expect(leftOf(proxy)).toEqual(NOTHING_LEFT);
  });

  it.each([
    ['while it waits for a connection', () => {}],
    ['while it waits for its next try', ({ connector }: Proxy) => connector.attempt(0).fail('ECONNREFUSED')],
  ])('ends a request %s', (_when, prepare) => {
    const retry = { retryOn: ['5xx' as const], backOffBaseMs: 60_000, backOffMaxMs: 60_000 };
    const proxy = proxyTo({}, { policy: { timeoutMs: 10, retry } });
    const { client, upstream } = proxy.open();
    upstream.content(LastHttpContent.EMPTY);
    prepare(proxy);
    proxy.connector.turn();
    proxy.connector.clock.advance(10);

    expect(client.error).toMatchObject({ status: 504 });
    expect(leftOf(proxy)).toEqual(NOTHING_LEFT);
  });

  it('cuts a response that takes too long', () => {
    const { connector, open } = proxyTo({}, { policy: { timeoutMs: 1000 } });
    const { client, upstream } = open();
    upstream.content(LastHttpContent.EMPTY);
    connector.attempt(0).succeed().writeInbound(bytes('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\na'));
    connector.clock.advance(1000);

    expect(client.error).toMatchObject({ status: 504 });
  });

  it('does not concern a tunnel', () => {
    const { connector, open } = proxyTo({}, { policy: { timeoutMs: 1000 } });
    const { client, upstream } = open({ upgrade: 'websocket' });
    upstream.content(LastHttpContent.EMPTY);
    const channel = connector.attempt(0).succeed();
    channel.writeInbound(bytes('HTTP/1.1 101 x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'));
    connector.clock.advance(60_000);

    expect(channel.isOpen).toBe(true);
    expect(client.error).toBeUndefined();
  });

  it('costs a request that is answered in time nothing that stays', () => {
    const proxy = proxyTo({}, { policy: { timeoutMs: 1000, perTryTimeoutMs: 500 } });
    const { client, upstream } = proxy.open();
    upstream.content(LastHttpContent.EMPTY);
    proxy.connector.attempt(0).succeed().writeInbound(bytes(OK));
    upstream.end(true);
    proxy.connector.clock.advance(5000);

    expect(client).toMatchObject({ isComplete: true, error: undefined });
    expect(leftOf(proxy)).toEqual(NOTHING_LEFT);
  });
});

describe('the time for each try', () => {
  it('ends a try without a response, and another follows if the policy says so', () => {
    const policy = { perTryTimeoutMs: 100, retry: { retryOn: ['reset' as const], backOffBaseMs: 0 } };
    const { connector, open, metrics } = proxyTo({}, { policy });
    const { client, upstream } = open();
    upstream.content(LastHttpContent.EMPTY);
    connector.attempt(0).succeed();
    connector.clock.advance(100);
    connector.turn();
    connector.attempt(1).succeed();
    connector.clock.advance(99);
    expect(client.error).toBeUndefined();
    connector.clock.advance(1);

    expect(client.error).toMatchObject({ status: 504, details: 'upstream_per_try_timeout' });
    expect(metrics.requests['requests.per.try.timeout'].value).toBe(2);
  });

  it('ends with the head of the response', () => {
    const { connector, open } = proxyTo({}, { policy: { perTryTimeoutMs: 100 } });
    const { client, upstream } = open();
    upstream.content(LastHttpContent.EMPTY);
    connector.attempt(0).succeed().writeInbound(bytes('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\na'));
    connector.clock.advance(5000);

    expect(client.error).toBeUndefined();
  });
});

describe('the silence of a server', () => {
  it('is counted for each try that it ends', () => {
    const policy = { retry: { retryOn: ['reset' as const], backOffBaseMs: 0 } };
    const { connector, open, metrics } = proxyTo({ responseTimeoutMs: 1000 }, { policy });
    const { client, upstream } = open();
    upstream.content(LastHttpContent.EMPTY);
    connector.attempt(0).succeed();
    connector.clock.advance(1000);
    connector.turn();
    connector.attempt(1).succeed();
    connector.clock.advance(1000);

    expect(client.error).toMatchObject({ status: 504, flag: 'UT' });
    expect(metrics.requests['requests.response.timeout'].value).toBe(2);
  });

  it('is no timeout of a response within a tunnel', () => {
    const { connector, open, metrics } = proxyTo({ tunnelIdleTimeoutMs: 1000 });
    const { client, upstream } = open({ upgrade: 'websocket' });
    upstream.content(LastHttpContent.EMPTY);
    const switching = 'HTTP/1.1 101 x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n';
    connector.attempt(0).succeed().writeInbound(Buffer.from(switching));
    connector.clock.advance(1000);

    expect(client.isTunnelEnded).toBe(true);
    expect(metrics.requests['requests.response.timeout'].value).toBe(0);
  });
});

describe('the idle time of a route', () => {
  it.each([
    ['shorter', 30_000, 1000],
    ['longer', 1000, 30_000],
  ])('is %s than that of the origin', (_what, responseTimeoutMs, idleTimeoutMs) => {
    const { connector, open } = proxyTo({ responseTimeoutMs }, { policy: { idleTimeoutMs } });
    const { client, upstream } = open();
    upstream.content(LastHttpContent.EMPTY);
    connector.attempt(0).succeed();
    connector.clock.advance(idleTimeoutMs - 1);
    expect(client.error).toBeUndefined();
    connector.clock.advance(1);

    expect(client.error).toMatchObject({ status: 504, details: 'upstream_per_try_idle_timeout' });
  });

  it('holds on a kept connection too', () => {
    const { connector, open } = proxyTo({}, { policy: { idleTimeoutMs: 1000 } });
    open().upstream.content(LastHttpContent.EMPTY);
    const channel = connector.attempt(0).succeed();
    channel.writeInbound(bytes(OK));
    connector.turn();
    connector.clock.advance(1500);
    const { client, upstream } = open({ method: 'POST' });
    upstream.content(LastHttpContent.EMPTY);
    connector.clock.advance(1000);

    expect(client.error).toMatchObject({ status: 504 });
    expect(connector.attempts).toHaveLength(1);
  });

  it('holds for a tunnel', () => {
    const { connector, open } = proxyTo({}, { policy: { idleTimeoutMs: 1000 } });
    const { client, upstream } = open({ upgrade: 'websocket' });
    upstream.content(LastHttpContent.EMPTY);
    const channel = connector.attempt(0).succeed();
    channel.writeInbound(bytes('HTTP/1.1 101 x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'));
    connector.clock.advance(900);
    upstream.tunnel(bytes('ping'));
    connector.clock.advance(999);
    expect(client.isTunnelEnded).toBe(false);
    connector.clock.advance(1);

    expect(client.isTunnelEnded).toBe(true);
  });
});

describe('an origin', () => {
  it.each([
    [{ timeoutMs: 1000 }, '1000'],
    [{ timeoutMs: 1000, perTryTimeoutMs: 300 }, '300'],
    [{ perTryTimeoutMs: 300 }, '300'],
    [{}, undefined],
  ])('is told the time that it has: %o', (limits, expected) => {
    const { connector, open } = proxyTo({}, { policy: { ...limits, sendDeadline: true } });
    open().upstream.content(LastHttpContent.EMPTY);
    const [, told] = /x-sluice-expected-timeout-ms: (\d+)/i.exec(sent(connector.attempt(0).succeed())) ?? [];

    expect(told).toBe(expected);
  });

  it('is told the rest of the time with the second try', () => {
    const retry = { retryOn: ['5xx' as const], backOffBaseMs: 0 };
    const { connector, open } = proxyTo({}, { policy: { timeoutMs: 1000, sendDeadline: true, retry } });
    open().upstream.content(LastHttpContent.EMPTY);
    connector.clock.advance(400);
    connector.attempt(0).succeed().endInput();
    connector.turn();

    expect(sent(connector.attempt(1).succeed())).toMatch(/x-sluice-expected-timeout-ms: 600\r\n/i);
  });
});

type Proxy = ReturnType<typeof proxyTo>;
