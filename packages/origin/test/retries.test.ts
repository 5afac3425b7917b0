import { HttpContent, LastHttpContent } from '@sluice/codec-http';
import type { HttpRequestInit } from '@sluice/codec-http';
import { describe, expect, it } from 'vitest';
import type { UpstreamPolicyInput } from '../src/index.ts';
import { bytes, leftOf, NOTHING_LEFT, proxyTo, sent } from './support.ts';
import type { EmbeddedConnector } from './support.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi';
const UNAVAILABLE = 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\n\r\nbusy';
const EAGER: UpstreamPolicyInput = {
  retry: { retryOn: ['5xx'], numRetries: 2, backOffBaseMs: 0, maxReplayBytes: 16 },
};

type Ending = (connector: EmbeddedConnector, at: number) => void;

const refused: Ending = (connector, at) => connector.attempt(at).fail('ECONNREFUSED');
const reset: Ending = (connector, at) => connector.attempt(at).succeed().endInput();
const unavailable: Ending = (connector, at) =>
  connector.attempt(at).succeed().writeInbound(bytes(UNAVAILABLE));
const silent: Ending = (connector, at) => {
  connector.attempt(at).succeed();
  connector.clock.advance(30_000);
};
const malformed: Ending = (connector, at) =>
  connector.attempt(at).succeed().writeInbound(bytes('SSH-2.0\r\n'));

const NO_BODY: Partial<HttpRequestInit> = {};
const CHUNKED: Partial<HttpRequestInit> = { framing: 'chunked' };

/** How much of the body the client has sent when the try fails. */
const BODIES = {
  none: { init: NO_BODY, chunks: [LastHttpContent.EMPTY] },
  'whole, small': { init: CHUNKED, chunks: [new HttpContent(bytes('abc')), LastHttpContent.EMPTY] },
  'begun, small': { init: CHUNKED, chunks: [new HttpContent(bytes('abc'))] },
  'more than may be kept': {
    init: CHUNKED,
    chunks: [new HttpContent(Buffer.alloc(17)), LastHttpContent.EMPTY],
  },
};

type BodyState = keyof typeof BODIES;

// ending, method, body → tries, with a policy that repeats on 5xx twice and one server
const MATRIX: readonly (readonly [string, Ending, string, BodyState, number])[] = [
  ['refused', refused, 'GET', 'none', 3],
  ['refused', refused, 'POST', 'none', 3],
  ['refused', refused, 'POST', 'whole, small', 3],
  ['refused', refused, 'POST', 'begun, small', 3],
  ['refused', refused, 'POST', 'more than may be kept', 3],
  ['reset', reset, 'GET', 'none', 3],
  ['reset', reset, 'PUT', 'whole, small', 3],
  ['reset', reset, 'PUT', 'begun, small', 3],
  ['reset', reset, 'PUT', 'more than may be kept', 1],
  ['reset', reset, 'POST', 'none', 1],
  ['reset', reset, 'POST', 'whole, small', 1],
  ['reset', reset, 'POST', 'more than may be kept', 1],
  ['unavailable', unavailable, 'GET', 'none', 3],
  ['unavailable', unavailable, 'PUT', 'whole, small', 3],
  ['unavailable', unavailable, 'PUT', 'begun, small', 3],
  ['unavailable', unavailable, 'PUT', 'more than may be kept', 1],
  ['unavailable', unavailable, 'POST', 'whole, small', 1],
  ['silent', silent, 'GET', 'none', 3],
  ['silent', silent, 'DELETE', 'whole, small', 3],
  ['silent', silent, 'POST', 'none', 1],
  ['malformed', malformed, 'GET', 'none', 1],
];

describe('with a policy that repeats on 5xx', () => {
  it.each(MATRIX)(
    'a server that is %s (%o) gets a %s with a body %s in %i tries',
    (_what, end, method, state, tries) => {
      const { init, chunks } = BODIES[state];
      const proxy = proxyTo({}, { policy: EAGER });
      const { upstream } = proxy.open({ ...init, method });
      for (const chunk of chunks) upstream.content(chunk);
      // Every connection is closed behind its try, so that each try makes one.
      for (let at = 0; at < proxy.connector.attempts.length && at < 9; at++) {
        end(proxy.connector, at);
        proxy.connector.attempt(at).channel.close();
        proxy.connector.turn();
      }

      expect(proxy.connector.attempts).toHaveLength(tries);
      upstream.end(false);
      expect(leftOf(proxy)).toEqual(NOTHING_LEFT);
    },
  );

  it('sends the same request with the same body again, and passes on the second response', () => {
    const { connector, open, metrics } = proxyTo({}, { policy: EAGER });
    const { client, upstream, request } = open({ method: 'PUT', framing: 'chunked' });
    upstream.content(new HttpContent(bytes('abc')));
    const first = connector.attempt(0).succeed();
    connector.turn();
    const wire = sent(first);
    first.endInput();
    connector.turn();
    const second = connector.attempt(1).succeed();
    connector.turn();
    expect(sent(second)).toBe(wire);
    upstream.content(LastHttpContent.EMPTY);
    expect(sent(second)).toBe('0\r\n\r\n');
    second.writeInbound(bytes(OK));

    expect(client).toMatchObject({ body: 'hi', isComplete: true, error: undefined });
    expect(request.context.upstreamAttempts).toBe(2);
    expect([metrics.requests.retry.value, metrics.requests['retry.success'].value]).toEqual([1, 1]);
  });

  it('passes on the last response when no try is left', () => {
    const { connector, open, metrics } = proxyTo(
      {},
      { policy: { retry: { retryOn: ['5xx'], backOffBaseMs: 0 } } },
    );
    const { client, upstream, request } = open();
    upstream.content(LastHttpContent.EMPTY);
    const channel = connector.attempt(0).succeed();
    channel.writeInbound(bytes(UNAVAILABLE));
    expect(request.context.responseFlags).toBeUndefined();
    connector.turn();
    channel.writeInbound(bytes(UNAVAILABLE));

    expect(client.response?.status).toBe(503);
    expect(client.body).toBe('busy');
    expect(request.context.responseFlags).toBe('URX');
    expect(metrics.requests['retry.limit.exceeded'].value).toBe(1);
  });

  it('keeps the connection of a small response that is not wanted, and none of its body', () => {
    const { connector, open } = proxyTo({}, { policy: EAGER });
    const { client, upstream } = open();
    upstream.content(LastHttpContent.EMPTY);
    const channel = connector.attempt(0).succeed();
    channel.writeInbound(bytes(UNAVAILABLE));
    connector.turn();
    channel.writeInbound(bytes(OK));

    expect(connector.attempts).toHaveLength(1);
    expect(client.body).toBe('hi');
  });

  it('closes the connection of a large response that is not wanted', () => {
    const { connector, open } = proxyTo({}, { policy: EAGER });
    const { upstream } = open();
    upstream.content(LastHttpContent.EMPTY);
    const channel = connector.attempt(0).succeed();
    channel.writeInbound(bytes('HTTP/1.1 503 x\r\ncontent-length: 99999\r\n\r\n'));
    expect(channel.isOpen).toBe(true);
    channel.writeInbound(Buffer.alloc(65 * 1024));

    expect(channel.isOpen).toBe(false);
  });

  it('sends nothing again once the client has heard of a response, be it an interim one', () => {
    const { connector, open } = proxyTo({}, { policy: EAGER });
    const { client, upstream } = open();
    upstream.content(LastHttpContent.EMPTY);
    const channel = connector.attempt(0).succeed();
    channel.writeInbound(bytes(`HTTP/1.1 103 Early Hints\r\n\r\n${UNAVAILABLE}`));

    expect(client.response?.status).toBe(503);
  });

  it('takes another server each time, as long as there is one', () => {
    const { connector, open } = proxyTo({}, { policy: EAGER, servers: 3 });
    open().upstream.content(LastHttpContent.EMPTY);
    for (const at of [0, 1, 2]) {
      reset(connector, at);
      connector.turn();
    }
    const hosts = connector.attempts.map(({ address }) => ('host' in address ? address.host : ''));

    expect(new Set(hosts)).toEqual(new Set(['10.0.0.1', '10.0.0.2', '10.0.0.3']));
  });

  it('waits between the tries, and no longer than the policy says', () => {
    const policy = {
      retry: { retryOn: ['5xx' as const], numRetries: 3, backOffBaseMs: 100, backOffMaxMs: 100 },
    };
    const { connector, open } = proxyTo({}, { policy });
    open().upstream.content(LastHttpContent.EMPTY);
    for (const at of [0, 1, 2]) {
      refused(connector, at);
      connector.turn();
      expect(connector.attempts).toHaveLength(at + 1);
      connector.clock.advance(100);
    }

    expect(connector.attempts).toHaveLength(4);
  });

  it.each([
    ['waits as long as Retry-After asks', 2, 5000, 1],
    ['passes on a response that asks for more than may be waited', 9, 5000, 0],
    ['does not look at Retry-After unless it is told to', 9, 0, 1],
  ])('%s', (_what, seconds, retryAfterMaxMs, retries) => {
    const policy = { retry: { retryOn: ['5xx' as const], retryAfterMaxMs } };
    const { connector, open, metrics } = proxyTo({}, { policy });
    const { client, upstream } = open();
    upstream.content(LastHttpContent.EMPTY);
    const response = `HTTP/1.1 503 x\r\nretry-after: ${seconds}\r\ncontent-length: 0\r\n\r\n`;
    const channel = connector.attempt(0).succeed();
    channel.writeInbound(bytes(response));
    connector.turn();
    sent(channel);
    connector.clock.advance(retryAfterMaxMs === 0 ? 25 : 1999);
    expect(sent(channel)).toMatch(retryAfterMaxMs === 0 ? /^GET/ : /^$/);
    connector.clock.advance(1001);

    expect(metrics.requests.retry.value).toBe(retries);
    expect(client.response?.status).toBe(retries === 0 ? 503 : undefined);
  });
});

describe('without a policy', () => {
  it.each(['GET', 'POST'])('a %s goes to another server when one can not be reached, once', (method) => {
    const { connector, open } = proxyTo({}, { servers: 3 });
    const { client, upstream } = open({ method, framing: 'chunked' });
    upstream.content(new HttpContent(bytes('abc')));
    refused(connector, 0);
    connector.turn();
    expect(connector.attempts).toHaveLength(2);
    refused(connector, 1);
    connector.turn();

    expect(connector.attempts).toHaveLength(2);
    expect(client.error).toMatchObject({ status: 502, reason: 'connection_refused' });
  });

  it('a server that can not be reached is not asked again when there is no other', () => {
    const { connector, open } = proxyTo();
    const { client } = open();
    refused(connector, 0);
    connector.turn();

    expect(connector.attempts).toHaveLength(1);
    expect(client.error).toMatchObject({ status: 502 });
  });
});

describe('the retry budget', () => {
  it('lets a part of the requests be repeated at a time, but some in any case', () => {
    const options = { retryBudgetPercent: 20, minRetryConcurrency: 3 };
    const proxy = proxyTo(options, {
      policy: { retry: { retryOn: ['5xx'], backOffBaseMs: 1000, backOffMaxMs: 1000 } },
    });
    const all = Array.from({ length: 10 }, () => proxy.open());
    for (const { upstream } of all) upstream.content(LastHttpContent.EMPTY);
    const clients = all.map(({ client }) => client);
    for (const at of clients.keys()) reset(proxy.connector, at);
    proxy.connector.turn();

    expect(proxy.origin.resources.retries).toBe(3);
    expect(clients.filter(({ error }) => error?.status === 502)).toHaveLength(7);
    expect(proxy.metrics.requests['retry.overflow'].value).toBe(7);
    expect(all.filter(({ request }) => request.context.responseFlags === 'UO')).toHaveLength(7);
  });

  it('has maxRetries as its upper bound', () => {
    const proxy = proxyTo({ maxRetries: 1 }, { policy: { retry: { retryOn: ['5xx'] } } });
    for (const at of [0, 1]) {
      proxy.open().upstream.content(LastHttpContent.EMPTY);
      reset(proxy.connector, at);
    }
    proxy.connector.turn();

    expect(proxy.origin.resources.retries).toBe(1);
  });

  it('is free again when the repetition has its response, or the client has gone', () => {
    const { connector, origin, open } = proxyTo({}, { policy: EAGER });
    const [first, second] = [open(), open()];
    for (const { upstream } of [first, second]) upstream.content(LastHttpContent.EMPTY);
    for (const at of [0, 1]) reset(connector, at);
    connector.turn();
    expect(origin.resources.retries).toBe(2);
    connector.attempt(2).succeed().writeInbound(bytes(OK));
    expect(origin.resources.retries).toBe(1);
    second.upstream.end(false);
    first.upstream.end(true);

    expect(origin.resources.retries).toBe(0);
  });
});
