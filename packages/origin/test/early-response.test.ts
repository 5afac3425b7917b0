import { HttpContent, LastHttpContent } from '@sluice/codec-http';
import { describe, expect, it } from 'vitest';
import { bytes, leftOf, NOTHING_LEFT, proxyTo, sent } from './support.ts';

const HEAD = 'HTTP/1.1 200 OK\r\n';
const COUNTED = `${HEAD}content-length: 2\r\n\r\n`;
const CHUNKED = `${HEAD}transfer-encoding: chunked\r\n\r\n`;
const CLOSING = `${HEAD}connection: close\r\ncontent-length: 2\r\n\r\n`;

/** What has become of the upload when the response begins, and what comes of it behind. */
const UPLOADS = {
  'not begun': [],
  begun: ['abc'],
} as const;

interface Row {
  readonly response: string;
  readonly head: string;
  readonly body: string;
  /** Whether the upload ends before the response does. */
  readonly isRequestFirst: boolean;
  /** Whether the connection serves another request. */
  readonly isKept: boolean;
}

const ROWS: readonly Row[] = [
  { response: 'counted', head: COUNTED, body: 'hi', isRequestFirst: false, isKept: false },
  { response: 'counted', head: COUNTED, body: 'hi', isRequestFirst: true, isKept: true },
  { response: 'chunked', head: CHUNKED, body: '2\r\nhi\r\n0\r\n\r\n', isRequestFirst: false, isKept: false },
  { response: 'chunked', head: CHUNKED, body: '2\r\nhi\r\n0\r\n\r\n', isRequestFirst: true, isKept: true },
  { response: 'closing', head: CLOSING, body: 'hi', isRequestFirst: false, isKept: false },
  { response: 'closing', head: CLOSING, body: 'hi', isRequestFirst: true, isKept: false },
];

// response × upload state × which of the two ends first
const STATES = ['not begun', 'begun'] as const;
const MATRIX = ROWS.flatMap((row) => STATES.map((upload) => ({ row, upload })));

describe('a response that begins before the request has ended', () => {
  it.each(MATRIX)(
    '$row.response, upload $upload, request first $row.isRequestFirst: connection kept $row.isKept',
    ({ row: { head, body, isRequestFirst, isKept }, upload }) => {
      const proxy = proxyTo();
      const { client, upstream } = proxy.open({ method: 'POST', framing: 'chunked' });
      const channel = proxy.connector.attempt(0).succeed();
      for (const text of UPLOADS[upload]) upstream.content(new HttpContent(bytes(text)));
      upstream.flush();
      channel.writeInbound(bytes(head));
      expect(client.response?.status).toBe(200);
      upstream.content(new HttpContent(bytes('def')));
      upstream.flush();
      expect(sent(channel)).toContain('3\r\ndef\r\n');
      if (isRequestFirst) upstream.content(LastHttpContent.EMPTY);
      channel.writeInbound(bytes(body));
      upstream.content(new HttpContent(bytes('late')));
      proxy.connector.turn();

      expect(client).toMatchObject({ body: 'hi', isComplete: true, error: undefined, pauses: 0 });
      expect(channel.isOpen).toBe(isKept);
      expect(proxy.metrics.requests['requests.early.response'].value).toBe(isRequestFirst ? 0 : 1);
      upstream.end(true);
      expect(leftOf(proxy)).toEqual(NOTHING_LEFT);
    },
  );

  it('and is cut when the server ends in the middle of it', () => {
    const proxy = proxyTo();
    const { client, upstream } = proxy.open({ method: 'POST', framing: 'chunked' });
    const channel = proxy.connector.attempt(0).succeed();
    proxy.connector.turn();
    channel.writeInbound(bytes(COUNTED));
    channel.endInput();
    proxy.connector.turn();
    upstream.content(new HttpContent(bytes('more')));

    expect(client.error).toMatchObject({
      status: 502,
      flag: 'UC',
      details: 'upstream_reset_after_response_started{connection_terminated}',
    });
    expect(leftOf(proxy)).toEqual(NOTHING_LEFT);
  });
});

describe('an expectation that is passed on', () => {
  const EXPECTING = { method: 'POST', framing: 'chunked', expectsContinue: true } as const;

  it('goes to the origin, and its 100 to the client, once', () => {
    const { connector, open } = proxyTo();
    const { client, upstream } = open(EXPECTING);
    const channel = connector.attempt(0).succeed();
    connector.turn();
    expect(sent(channel)).toMatch(/\r\nexpect: 100-continue\r\n/i);
    channel.writeInbound(bytes('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n'));
    expect(client.interim).toEqual([100]);
    upstream.content(new HttpContent(bytes('abc')));
    upstream.content(LastHttpContent.EMPTY);
    channel.writeInbound(bytes(`${COUNTED}hi`));
    connector.turn();

    expect(client.body).toBe('hi');
    expect(channel.isOpen).toBe(true);
  });

  it('is answered by a final response alone when the origin does not want the body', () => {
    const proxy = proxyTo();
    const { client, upstream } = proxy.open(EXPECTING);
    const channel = proxy.connector.attempt(0).succeed();
    proxy.connector.turn();
    channel.writeInbound(bytes('HTTP/1.1 417 Expectation Failed\r\ncontent-length: 0\r\n\r\n'));
    proxy.connector.turn();

    expect(client).toMatchObject({ interim: [], isComplete: true });
    // The server can't know whether the body still comes (RFC 9110 §10.1.1).
    expect(channel.isOpen).toBe(false);
    upstream.end(true);
    expect(leftOf(proxy)).toEqual(NOTHING_LEFT);
  });

  it('is not passed on by a client that has begun to send its body', () => {
    const { connector, open } = proxyTo();
    const { upstream } = open(EXPECTING);
    upstream.content(new HttpContent(bytes('abc')));

    expect(sent(connector.attempt(0).succeed())).not.toMatch(/expect/i);
  });
});
