import { HttpContent, LastHttpContent } from '@sluice/codec-http';
import type { HttpRequestInit } from '@sluice/codec-http';
import { describe, expect, it } from 'vitest';
import { bytes, leftOf, NOTHING_LEFT, proxyTo, sent } from './support.ts';
import type { ProxySetup } from './support.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi';
const NO_RESPONSE = 'HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n';

const REQUESTS: [string, Partial<HttpRequestInit>, HttpContent[]][] = [
  ['a GET', {}, [LastHttpContent.EMPTY]],
  ['a POST', { method: 'POST', contentLength: 4 }, [new LastHttpContent(bytes('body'))]],
  [
    'a POST in pieces',
    { method: 'POST', contentLength: 4 },
    [new HttpContent(bytes('bo')), new LastHttpContent(bytes('dy'))],
  ],
  ['an upgrade', { upgrade: 'websocket' }, [LastHttpContent.EMPTY]],
];

describe('a request that waits for the end of the turn on a kept connection', () => {
  it.each(REQUESTS)('goes to a new one when the server ends that first: %s', (_, init, body) => {
    const proxy = onKeptConnection(init, body);
    const { connector, client, kept } = proxy;
    kept.endInput();
    kept.endTurn();
    connector.turn();
    const next = connector.attempt(1).succeed();
    connector.turn();

    expect(sent(kept)).toBe('');
    expect(sent(next)).toBe(proxy.wire);
    next.writeInbound(bytes(OK));
    expect(client).toMatchObject({ body: 'hi', isComplete: true, error: undefined });
    expect(leftOf(proxy)).toEqual(NOTHING_LEFT);
  });

  it.each([
    ['is reset', (kept: Kept) => kept.pipeline.fireExceptionCaught(reset())],
    ['has something to say', (kept: Kept) => kept.writeInbound(bytes(NO_RESPONSE))],
  ])('goes to a new one alone when that %s first', (_, meets) => {
    const { connector, kept, wire } = onKeptConnection(...POST);
    meets(kept);
    kept.endTurn();
    connector.turn();
    const next = connector.attempt(1).succeed();
    connector.turn();

    expect(sent(kept)).toBe('');
    expect(sent(next)).toBe(wire);
  });

  it('is not sent where no other try may be', () => {
    const policy: ProxySetup['policy'] = { retry: { retryOn: ['connect-failure'] } };
    const { connector, client, kept } = onKeptConnection(...POST, { policy });
    kept.endInput();
    kept.endTurn();
    connector.turn();

    expect(sent(kept)).toBe('');
    expect(client.error).toMatchObject({ status: 502, reason: 'connection_terminated' });
  });

  it('is a POST like any other once it was sent', () => {
    const { connector, client, kept } = onKeptConnection(...POST);
    kept.endTurn();
    kept.endInput();
    connector.turn();

    expect(client.error).toMatchObject({ status: 502, reason: 'connection_terminated' });
    expect(connector.attempts).toHaveLength(1);
  });
});

const POST = [{ method: 'POST', contentLength: 4 }, [new LastHttpContent(bytes('body'))]] as const;

type Kept = ReturnType<typeof onKeptConnection>['kept'];

/** A request on a connection that has served one before, whose flushes wait; `wire`: what the request is in bytes. */
function onKeptConnection(
  init: Partial<HttpRequestInit>,
  body: readonly HttpContent[],
  setup: ProxySetup = {},
) {
  const proxy = proxyTo({}, setup);
  const send = () => {
    const opened = proxy.open(init);
    for (const chunk of body) opened.upstream.content(chunk);
    opened.upstream.flush();
    return opened;
  };
  send();
  const kept = proxy.connector.attempt(0).succeed();
  proxy.connector.turn();
  const wire = sent(kept);
  kept.writeInbound(bytes(OK));
  proxy.connector.turn();
  kept.putsFlushesOff = true;
  return { ...proxy, ...send(), kept, wire };
}

function reset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
}
