import { HttpContent, LastHttpContent } from '@sluice/codec-http';
import type { HttpRequestInit } from '@sluice/codec-http';
import { describe, expect, it } from 'vitest';
import type { Upstream } from '@sluice/filters';
import { bytes, leftOf, NOTHING_LEFT, proxyTo } from './support.ts';

const UPLOAD: Partial<HttpRequestInit> = { method: 'PUT', framing: 'chunked' };
const BUSY = 'HTTP/1.1 503 x\r\ncontent-length: 900\r\n\r\na';

type Stage = (connector: ReturnType<typeof proxyTo>['connector'], upstream: Upstream) => void;

/** How far a request has come when its client goes. */
const STAGES: readonly (readonly [string, Partial<HttpRequestInit>, Stage])[] = [
  ['waits for a connection', {}, () => {}],
  [
    'waits with a large body',
    UPLOAD,
    (_, upstream) => upstream.content(new HttpContent(Buffer.alloc(99_999))),
  ],
  ['is being sent', UPLOAD, ({ attempts }) => void attempts[0]?.succeed()],
  [
    'can not be sent for the server takes no more',
    UPLOAD,
    ({ attempts }, upstream) => {
      attempts[0]?.succeed().setUserDefinedWritability(1, false);
      upstream.content(new HttpContent(bytes('abc')));
    },
  ],
  [
    'waits for its response',
    {},
    ({ attempts }, upstream) => {
      upstream.content(LastHttpContent.EMPTY);
      attempts[0]?.succeed();
    },
  ],
  [
    'has a part of its response',
    {},
    ({ attempts }, upstream) => {
      upstream.content(LastHttpContent.EMPTY);
      attempts[0]?.succeed().writeInbound(bytes('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\na'));
    },
  ],
  [
    'waits for its next try',
    {},
    ({ attempts }, upstream) => {
      upstream.content(LastHttpContent.EMPTY);
      attempts[0]?.fail('ECONNREFUSED');
    },
  ],
  [
    'waits for its next try while a response is read that nobody wants',
    {},
    ({ attempts }, upstream) => {
      upstream.content(LastHttpContent.EMPTY);
      attempts[0]?.succeed().writeInbound(bytes(BUSY));
    },
  ],
  [
    'is a tunnel',
    { upgrade: 'websocket' },
    ({ attempts }, upstream) => {
      upstream.content(LastHttpContent.EMPTY);
      const switching = 'HTTP/1.1 101 x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n';
      attempts[0]?.succeed().writeInbound(bytes(switching));
    },
  ],
];

describe('a client that goes while its request', () => {
  it.each(STAGES)('%s leaves nothing behind', (_stage, init, reach) => {
    const proxy = proxyTo(
      {},
      { policy: { timeoutMs: 9000, perTryTimeoutMs: 8000, retry: { retryOn: ['5xx'] } } },
    );
    const { client, upstream } = proxy.open(init);
    reach(proxy.connector, upstream);
    upstream.end(false);
    proxy.connector.turn();
    // What is read and dropped has the server's own time.
    proxy.connector.clock.advance(30_000);
    proxy.connector.turn();

    const { resources } = proxy.origin;
    expect(client).toMatchObject({ error: undefined, pauses: 0 });
    expect([resources.requests, resources.pending, resources.retries]).toEqual([0, 0, 0]);
    expect(proxy.connector.attempts).toHaveLength(1);
    expect(leftOf(proxy)).toEqual(NOTHING_LEFT);
  });
});
