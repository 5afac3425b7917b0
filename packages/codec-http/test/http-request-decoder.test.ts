import { describe, expect, it } from 'vitest';
import type { HttpDecodeFailure } from '../src/index.ts';
import { DECODE_FAILURES, HttpDecodeError, HttpRequest, HttpRequestDecoder } from '../src/index.ts';
import { byteByByte, bytes, Collector, decodeRequests, everySplit } from './support.ts';

const H = 'Host: a.test\r\n';
const POST = `POST /p HTTP/1.1\r\n${H}`;
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`;

const ACCEPTED: readonly (readonly [text: string, start: string, body: string])[] = [
  [`GET / HTTP/1.1\r\n${H}\r\n`, 'GET / a.test', ''],
  [`GET / HTTP/1.0\r\n${H}\r\n`, 'GET / a.test', ''],
  [`\r\n\r\nGET / HTTP/1.1\r\n${H}\r\n`, 'GET / a.test', ''],
  [`M-SEARCH /d HTTP/1.1\r\n${H}\r\n`, 'M-SEARCH /d a.test', ''],
  [`OPTIONS * HTTP/1.1\r\n${H}\r\n`, 'OPTIONS * a.test', ''],
  [`GET HTTP://B.test:80?x HTTP/1.1\r\n${H}\r\n`, 'GET /?x b.test:80', ''],
  [`OPTIONS http://b.test HTTP/1.1\r\n${H}\r\n`, 'OPTIONS * b.test', ''],
  ['GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n', 'GET / [::1]:80', ''],
  ['GET / HTTP/1.1\r\nhost: \tA.Test:8080 \r\n\r\n', 'GET / a.test:8080', ''],
  [`${POST}Content-Length: 0005\r\n\r\nhello`, 'POST /p a.test', 'hello'],
  [`${POST}Content-Length: 0\r\n\r\n`, 'POST /p a.test', ''],
  [`${CHUNKED}5\r\nhello\r\n0\r\n\r\n`, 'POST /p a.test', 'hello'],
  [`${CHUNKED}5;a=b;c="d\\"e;"\r\nhello\r\n00;z\r\n\r\n`, 'POST /p a.test', 'hello'],
  [`${POST}Transfer-Encoding:\t cHUNKed \r\n\r\n5\r\nhello\r\n0\r\n\r\n`, 'POST /p a.test', 'hello'],
  [`${CHUNKED}1\r\na\r\nA\r\n0123456789\r\n0\r\n\r\n`, 'POST /p a.test', 'a0123456789'],
];

const CONNECTING = 'CONNECT Db.test:5432 HTTP/1.1\r\nHost: db.test:5432\r\n';
/** With `allowConnect`; undefined: it is taken. */
const CONNECTS: readonly (readonly [text: string, reason: HttpDecodeFailure | undefined])[] = [
  [`${CONNECTING}\r\n`, undefined],
  [`${CONNECTING}Content-Length: 0\r\n\r\n`, undefined],
  [`CONNECT [::1]:22 HTTP/1.0\r\n${H}\r\n`, undefined],
  [`CONNECT a.test HTTP/1.1\r\n${H}\r\n`, 'http1.bad_target'],
  [`CONNECT a.test: HTTP/1.1\r\n${H}\r\n`, 'http1.bad_target'],
  [`CONNECT a.test:0 HTTP/1.1\r\n${H}\r\n`, 'http1.bad_target'],
  [`CONNECT a.test:65536 HTTP/1.1\r\n${H}\r\n`, 'http1.bad_target'],
  [`CONNECT :443 HTTP/1.1\r\n${H}\r\n`, 'http1.bad_target'],
  [`CONNECT u@a.test:443 HTTP/1.1\r\n${H}\r\n`, 'http1.bad_target'],
  [`CONNECT http://a.test:443/ HTTP/1.1\r\n${H}\r\n`, 'http1.bad_target'],
  [`CONNECT / HTTP/1.1\r\n${H}\r\n`, 'http1.bad_target'],
  [`CONNECT a.test:443/x HTTP/1.1\r\n${H}\r\n`, 'http1.bad_target'],
  ['CONNECT a.test:443 HTTP/1.1\r\n\r\n', 'http1.missing_host'],
  [`GET a.test:443 HTTP/1.1\r\n${H}\r\n`, 'http1.bad_target'],
  [`${CONNECTING}Content-Length: 3\r\n\r\nabc`, 'http1.connect_with_body'],
  [`${CONNECTING}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 'http1.connect_with_body'],
];

const REFUSED: readonly (readonly [text: string, reason: HttpDecodeFailure])[] = [
  [`\nGET / HTTP/1.1\r\n${H}\r\n`, 'http1.bad_line_ending'],
  [`\rGET / HTTP/1.1\r\n${H}\r\n`, 'http1.bad_line_ending'],
  [`${'\r\n'.repeat(9)}GET / HTTP/1.1\r\n${H}\r\n`, 'http1.too_many_empty_lines'],
  [` GET / HTTP/1.1\r\n${H}\r\n`, 'http1.bad_request_line'],
  [`GET  / HTTP/1.1\r\n${H}\r\n`, 'http1.bad_request_line'],
  [`GET /  HTTP/1.1\r\n${H}\r\n`, 'http1.bad_request_line'],
  [`GET / HTTP/1.1 \r\n${H}\r\n`, 'http1.bad_request_line'],
  [`GET /\r\n${H}\r\n`, 'http1.bad_request_line'],
  [`GET / HTTP/1.1\n${H}\r\n`, 'http1.bad_request_line'],
  ['nonsense\r\n\r\n', 'http1.bad_request_line'],
  [`FROBNICATE  HTTP/1.1\r\n${H}\r\n`, 'http1.bad_request_line'],
  [`FROBNICATE / HTTP/2.0\r\n${H}\r\n`, 'http1.bad_request_line'],
  [`FROBNICATE / HTTP/1.1\r\n${H}\r\n`, 'http1.unknown_method'],
  [`DESCRIBE / HTTP/1.1\r\n${H}\r\n`, 'http1.unknown_method'],
  [`DESCRIBE / HTTP/1.1x\r\n${H}\r\n`, 'http1.bad_request_line'],
  [`DESCRIBE / RTSP/1.0\r\n${H}\r\n`, 'http1.bad_request_line'],
  [`G(T / HTTP/1.1\r\n${H}\r\n`, 'http1.bad_request_line'],
  [`CONNECT a.test:443 HTTP/1.1\r\n${H}\r\n`, 'http1.method_not_supported'],
  [`GET / HTTP/2.0\r\n${H}\r\n`, 'http1.bad_version'],
  [`GET / HTTP/1.2\r\n${H}\r\n`, 'http1.bad_version'],
  ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'http1.bad_version'],
  [`GET foo HTTP/1.1\r\n${H}\r\n`, 'http1.bad_target'],
  [`GET * HTTP/1.1\r\n${H}\r\n`, 'http1.bad_target'],
  [`GET /a#b HTTP/1.1\r\n${H}\r\n`, 'http1.bad_target'],
  [`GET /a\\b HTTP/1.1\r\n${H}\r\n`, 'http1.bad_target'],
  [`GET /\xe9 HTTP/1.1\r\n${H}\r\n`, 'http1.bad_target'],
  [`GET https://a.test/ HTTP/1.1\r\n${H}\r\n`, 'http1.bad_target'],
  [`GET http://u@a.test/ HTTP/1.1\r\n${H}\r\n`, 'http1.bad_target'],
  ['GET / HTTP/1.1\r\n\r\n', 'http1.missing_host'],
  ['GET / HTTP/1.0\r\n\r\n', 'http1.missing_host'],
  [`GET / HTTP/1.1\r\n${H}${H}\r\n`, 'http1.duplicate_host'],
  ['GET / HTTP/1.1\r\nHost:\r\n\r\n', 'http1.bad_host'],
  ['GET / HTTP/1.1\r\nHost: a,b\r\n\r\n', 'http1.bad_host'],
  [`GET / HTTP/1.1\r\n${H}X : 1\r\n\r\n`, 'http1.bad_field'],
  [`GET / HTTP/1.1\r\n${H}X\r\n\r\n`, 'http1.bad_field'],
  [`GET / HTTP/1.1\r\n${H}X: a\r\n b\r\n\r\n`, 'http1.bad_field'],
  [`${POST}Content-Length: +5\r\n\r\nhello`, 'http1.bad_content_length'],
  [`${POST}Content-Length: 5,5\r\n\r\nhello`, 'http1.bad_content_length'],
  [`${POST}Content-Length: 9007199254740993\r\n\r\n`, 'http1.content_length_too_large'],
  [`${POST}Content_Length: 5\r\n\r\n`, 'http1.ambiguous_field_name'],
  [`${POST}Transfer-Encoding: gzip, chunked\r\n\r\n`, 'http1.bad_transfer_encoding'],
  [`${POST}Transfer-Encoding: xchunked\r\n\r\n`, 'http1.bad_transfer_encoding'],
  [`${POST}Transfer-Encoding:\r\n\r\n`, 'http1.bad_transfer_encoding'],
  [`${POST}Transfer-Encoding: chunked \t\r\n\r\n`, 'http1.bad_transfer_encoding'],
  [`${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`, 'http1.conflicting_framing'],
  [`${POST}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n`, 'http1.bad_content_length'],
  [`POST / HTTP/1.0\r\n${H}Transfer-Encoding: chunked\r\n\r\n`, 'http1.transfer_encoding_in_http10'],
  [`${POST}Content-Length: 1\r\nConnection: Content-Length\r\n\r\nx`, 'http1.framing_nominated'],
  [`${POST}Expect: 100-continue, x\r\n\r\n`, 'http1.unknown_expectation'],
  [
    `${POST}Upgrade: websocket\r\nConnection: upgrade\r\nContent-Length: 1\r\n\r\nx`,
    'http1.upgrade_with_body',
  ],
  [`GET / HTTP/1.1\r\nHo`, 'http1.truncated_head'],
];

const REFUSED_LATE: readonly (readonly [text: string, body: string, reason: HttpDecodeFailure])[] = [
  ['5\r\nhelloX\r\n0\r\n\r\n', 'hello', 'http1.bad_chunk'],
  ['5\nhello', '', 'http1.bad_chunk'],
  ['0x5\r\nhello', '', 'http1.bad_chunk'],
  ['5;=b\r\nhello', '', 'http1.bad_chunk'],
  ['5;a=\r\nhello', '', 'http1.bad_chunk'],
  ['20000000000001\r\n', '', 'http1.bad_chunk'],
  ['8ccccccc0ccccccc5\r\n', '', 'http1.bad_chunk'],
  ['5\r\nhel', 'hel', 'http1.truncated_body'],
  ['5\r\nhello\r\n0\r\n', 'hello', 'http1.truncated_body'],
  ['5\r\nhello\r\n0\r\nHost: x\r\n\r\n', 'hello', 'http1.forbidden_trailer'],
  ['5\r\nhello\r\n0\r\nContent_Length: 1\r\n\r\n', 'hello', 'http1.forbidden_trailer'],
  ['5\r\nhello\r\n0\r\nX : 1\r\n\r\n', 'hello', 'http1.bad_field'],
];

/** Heads that must be refused, for whatever reason. */
const MALFORMED: readonly string[] = [
  ...[
    'HTP/1.1',
    'HTTP',
    'HTTP/1x',
    'Something/1.1',
    'HTTP/1',
    'HTTP/1.11',
    'HTTP/11.1',
    'HTTP/A.1',
    'HTTP/1.B',
    'http/1.1',
  ].map((version) => `GET / ${version}\r\n${H}\r\n`),
  ...['\x1c', '\x1d', '\x1e', '\x1f', '\f', '(', '@', '\x7f', '\x80', '\0', '\r', '\n'].flatMap((octet) => [
    `GET / HTTP/1.1\r\n${H}X${octet}: 1\r\n\r\n`,
    `GET / HTTP/1.1\r\n${H}${octet}X: 1\r\n\r\n`,
  ]),
  ...['\0', '\x01', '\b', '\n', '\v', '\f', '\r', '\x1f', '\x7f'].flatMap((octet) => [
    `GET / HTTP/1.1\r\n${H}X: a${octet}\r\n\r\n`,
    `GET / HTTP/1.1\r\n${H}X: a${octet}b\r\n\r\n`,
  ]),
  ...[
    '-1',
    '0x1',
    '1 x',
    '1_0',
    '"1"',
    '1\0',
    '9223372036854775808',
    '18446744073709551617',
    '1\r\nContent-Length: 0',
  ].map((length) => `${POST}Content-Length: ${length}\r\n\r\n`),
  ...[
    '\vchunked',
    'chunked\v',
    'chunked;a',
    'chunked, chunked',
    'chunked, identity',
    ',',
    '"chunked"',
    '\xffchunked',
  ].map((coding) => `${POST}Transfer-Encoding: ${coding}\r\n\r\n`),
  `GET / HTTP/1.1\r\n\tX: 1\r\n${H}\r\n`,
  `GET /\0 HTTP/1.1\r\n${H}\r\n`,
  `GET / HTTP/1.1\r\n${H}\r\r\n`,
  `GET / HTTP/1.1\r\n${H}\n`,
];

describe('CONNECT where it is allowed', () => {
  it.each(CONNECTS)('%j: %s', (text, failure) => {
    const options = { allowConnect: true };
    const [seen, ...others] = decodeRequests([bytes(text)], options);

    expect(others).toEqual([]);
    expect(seen?.failure).toBe(failure);
    expect(decodeRequests(byteByByte(text), options)).toEqual([seen]);
  });

  it('has host and port in lower case as target and authority, and no protocol to upgrade to', () => {
    const heads: HttpRequest[] = [];
    const listener = { onHead: (head: HttpRequest) => heads.push(head), onContent() {}, onLast() {} };
    const fields = 'Connection: upgrade\r\nUpgrade: websocket\r\n\r\n';
    new HttpRequestDecoder(listener, { allowConnect: true }).decode(bytes(CONNECTING + fields));

    expect(heads).toMatchObject([
      { method: 'CONNECT', target: 'db.test:5432', authority: 'db.test:5432', upgrade: undefined },
    ]);
  });
});

describe('HttpRequestDecoder', () => {
  it.each(MALFORMED)('refuses %j in the head, however it is cut', (text) => {
    const [whole] = decodeRequests([bytes(text)]);
    expect(whole).toMatchObject({ start: 'GET /bad-request ', complete: true });

    expect(decodeRequests(byteByByte(text))).toEqual([whole]);
  });

  it.each(ACCEPTED)('accepts %j', (text, start, body) => {
    for (const pieces of [[bytes(text)], byteByByte(text), ...everySplit(text)]) {
      expect(decodeRequests(pieces)).toMatchObject([{ start, body, failure: undefined, complete: true }]);
    }
  });

  it.each(REFUSED)('refuses %j in the head', (text, reason) => {
    for (const pieces of [[bytes(text)], byteByByte(text), ...everySplit(text)]) {
      expect(decodeRequests(pieces)).toMatchObject([
        { start: 'GET /bad-request ', body: '', failure: reason },
      ]);
    }
  });

  it.each(['GET /\r\n', 'GET /x?y\n', '\r\nPOST /\r'])('refuses %j without waiting for more', (text) => {
    for (const pieces of [[bytes(text)], byteByByte(text)]) {
      const heads: HttpRequest[] = [];
      const decoder = new HttpRequestDecoder({
        onHead: (head) => heads.push(head),
        onContent() {},
        onLast() {},
      });
      for (const piece of pieces) decoder.decode(piece);

      expect(heads).toMatchObject([{ failure: { reason: 'http1.bad_request_line' } }]);
    }
  });

  it.each(REFUSED_LATE)('refuses %j behind the head', (text, body, reason) => {
    for (const pieces of [
      [bytes(CHUNKED + text)],
      byteByByte(CHUNKED + text),
      ...everySplit(CHUNKED + text),
    ]) {
      expect(decodeRequests(pieces)).toMatchObject([{ start: 'POST /p a.test', body, failure: reason }]);
    }
  });

  it('takes connection fields and what they nominate out of the head', () => {
    const text = `GET / HTTP/1.1\r\n${H}A: 1\r\nConnection: close, X-B, Host\r\nX-B: 2\r\nTE: trailers\r\nKeep-Alive: 5\r\nC: 3\r\n\r\n`;

    const request = decodeOne(text);

    expect([...request.headers]).toEqual([
      ['A', '1'],
      ['C', '3'],
    ]);
    expect(request).toMatchObject({
      keepAlive: false,
      acceptsTrailers: true,
      authority: 'a.test',
      framing: 'none',
    });
  });

  it('keeps the length visible and the order and case of the fields', () => {
    const request = decodeOne(`POST / HTTP/1.1\r\nX-b: 1\r\n${H}CONTENT-length: 7\r\nx-A: 2\r\n\r\n1234567`);

    expect([...request.headers].flat()).toEqual(['X-b', '1', 'x-A', '2']);
    expect(request).toMatchObject({ framing: 'length', contentLength: 7 });
  });

  it.each([
    ['Upgrade: h2c, WebSocket\r\nConnection: keep-alive, UPGRADE\r\n', '1.1', 'websocket'],
    ['Upgrade: h2c\r\nUpgrade: websocket\r\nConnection: upgrade\r\n', '1.1', 'websocket'],
    ['Upgrade: h2c\r\nConnection: upgrade, HTTP2-Settings\r\nHTTP2-Settings: AA\r\n', '1.1', undefined],
    ['Upgrade: websocket\r\nProxy-Connection: upgrade\r\n', '1.1', undefined],
    ['Upgrade: websocket\r\nConnection: upgrade\r\n', '1.0', undefined],
  ])('reads the upgrade that %j asks for in HTTP/%s', (fields, version, upgrade) => {
    const request = decodeOne(`GET / HTTP/${version}\r\n${H}${fields}\r\n`);

    expect(request.upgrade).toBe(upgrade);
    expect(request.headers.size).toBe(0);
  });

  it.each([
    ['1.1', '', true],
    ['1.1', 'Connection: close\r\n', false],
    ['1.1', 'Connection: , ,CLOSE,\r\n', false],
    ['1.1', 'Connection: close\t\r\n', false],
    ['1.1', 'Connection: "close"\r\n', true],
    ['1.1', 'Connection: close\xa0\r\n', true],
    ['1.0', '', false],
    ['1.0', 'Connection: Keep-Alive\r\n', true],
    ['1.0', 'Connection: keep-alive, close\r\n', false],
  ])('finds out whether HTTP/%s with %j keeps the connection', (version, field, keepAlive) => {
    expect(decodeOne(`GET / HTTP/${version}\r\n${H}${field}\r\n`).keepAlive).toBe(keepAlive);
  });

  it('reads 100-continue from HTTP/1.1 alone', () => {
    const rest = `${H}Expect: 100-Continue\r\nContent-Length: 1\r\n\r\nx`;

    expect(decodeOne(`POST / HTTP/1.1\r\n${rest}`).expectsContinue).toBe(true);
    expect(decodeOne(`POST / HTTP/1.0\r\n${rest}`).expectsContinue).toBe(false);
  });

  it('keeps trailers apart and drops those that have no meaning there', () => {
    const aliases = 'X_Forwarded_For: y\r\nx.forwarded.proto: y\r\nX-Real_IP: y\r\nSet_Cookie: y\r\n';
    const trailers = `X-T: 1\r\nAuthorization: x\r\nTrue-Client-IP: z\r\nX-Forwarded-For: y\r\n${aliases}X-N: 3\r\nX-U: \t2 \r\n`;
    const text = `${POST}Connection: X-N\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${trailers}\r\n`;

    for (const pieces of everySplit(text)) {
      expect(decodeRequests(pieces)).toMatchObject([
        { fields: [], trailers: ['X-T: 1', 'X-U: 2'], failure: undefined },
      ]);
    }
  });

  it('stops behind each message and keeps the bytes of the next', () => {
    const collector = new Collector();
    const decoder = new HttpRequestDecoder(collector);
    decoder.decode(bytes(`GET /1 HTTP/1.1\r\n${H}\r\nGET /2 HTTP/1.1\r\n`));
    decoder.decode(bytes(`${H}\r\n`));
    expect(collector.messages.map((message) => message.start)).toEqual(['GET /1 a.test']);
    expect(decoder).toMatchObject({ isPaused: true, hasUnread: true });

    decoder.resume();

    expect(collector.messages.map((message) => message.start)).toEqual(['GET /1 a.test', 'GET /2 a.test']);
    expect(decoder.hasUnread).toBe(false);
    decoder.dispose();
  });

  it('throws away all that follows a failure', () => {
    const text = `${CHUNKED}zz\r\nGET /smuggled HTTP/1.1\r\n${H}\r\n`;

    expect(decodeRequests([bytes(text), bytes(text)])).toHaveLength(1);
  });

  it('hands bodies over as slices of what was received', () => {
    const chunk = bytes(`${POST}Content-Length: 5\r\n\r\nhello`);
    const seen: Buffer[] = [];
    const decoder = new HttpRequestDecoder({
      onHead: () => {},
      onContent: () => {},
      onLast: (last) => seen.push(last.data),
    });

    decoder.decode(chunk);
    decoder.dispose();

    expect(seen[0]?.buffer).toBe(chunk.buffer);
  });

  it('gathers many small chunks into one content', () => {
    let contents = 0;
    const decoder = new HttpRequestDecoder({
      onHead: () => {},
      onContent: () => contents++,
      onLast: () => {},
    });

    decoder.decode(bytes(`${CHUNKED}${'1\r\nx\r\n'.repeat(5_000)}0\r\n\r\n`));
    decoder.dispose();

    expect(contents).toBe(1);
  });

  it('lets a listener end it from within', () => {
    const decoder: HttpRequestDecoder = new HttpRequestDecoder({
      onHead: () => decoder.dispose(),
      onContent: () => expect.unreachable(),
      onLast: () => expect.unreachable(),
    });

    decoder.decode(bytes(`GET / HTTP/1.1\r\n${H}\r\nGET / HTTP/1.1\r\n${H}\r\n`));

    expect(decoder.hasUnread).toBe(false);
  });
});

describe('HttpDecodeError', () => {
  it.each(Object.entries(DECODE_FAILURES))(
    'answers %s with its status, and 502 upstream',
    (reason, [status]) => {
      expect(new HttpDecodeError(reason as HttpDecodeFailure, 'downstream').status).toBe(status);
      expect(new HttpDecodeError(reason as HttpDecodeFailure, 'upstream').status).toBe(502);
    },
  );
});

function decodeOne(text: string): HttpRequest {
  const heads: HttpRequest[] = [];
  const decoder = new HttpRequestDecoder({
    onHead: (request) => heads.push(request),
    onContent: () => {},
    onLast: () => {},
  });
  decoder.decode(bytes(text));
  decoder.dispose();
  const [request] = heads;
  if (!(request instanceof HttpRequest)) throw new Error('No request was decoded.');
  expect(request.failure).toBeUndefined();
  return request;
}
