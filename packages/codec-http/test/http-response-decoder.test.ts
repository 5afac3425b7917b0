import { describe, expect, it } from 'vitest';
import type { HttpDecodeFailure } from '../src/index.ts';
import { HttpResponseDecoder } from '../src/index.ts';
import { byteByByte, bytes, Collector, decodeResponse, everySplit } from './support.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n';

const ACCEPTED: readonly (readonly [text: string, method: string, start: string, body: string])[] = [
  [`${OK}Content-Length: 5\r\n\r\nhello`, 'GET', '200 OK', 'hello'],
  [`${OK}\r\nhello`, 'GET', '200 OK', 'hello'],
  [`${CHUNKED}5;a=b\r\nhello\r\n0\r\n\r\n`, 'GET', '200 OK', 'hello'],
  [`${OK}Content-Length: 5\r\n\r\n`, 'HEAD', '200 OK', ''],
  ['HTTP/1.1 204 No Content\r\n\r\n', 'GET', '204 No Content', ''],
  ['HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n', 'GET', '204 No Content', ''],
  ['HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n', 'GET', '304 Not Modified', ''],
  ['HTTP/1.1 299 Some \xe9 Thing\r\nContent-Length: 0\r\n\r\n', 'GET', '299 Some \xe9 Thing', ''],
  ['HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n', 'GET', '200 ', ''],
  ['HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n', 'GET', '200 ', ''],
  ['HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx', 'GET', '200 OK', 'x'],
];

const REFUSED: readonly (readonly [text: string, reason: HttpDecodeFailure])[] = [
  ['', 'http1.truncated_head'],
  ['HTTP/1.1 200 OK\r\nCont', 'http1.truncated_head'],
  ['HTTP/1.1 20 OK\r\n\r\n', 'http1.bad_status_line'],
  ['HTTP/1.1 600 OK\r\n\r\n', 'http1.bad_status_line'],
  ['HTTP/1.1 099 OK\r\n\r\n', 'http1.bad_status_line'],
  ['HTTP/1.1 200 O\x01K\r\n\r\n', 'http1.bad_status_line'],
  ['HTTP/1.2 200 OK\r\n\r\n', 'http1.bad_version'],
  ['\r\nHTTP/1.1 200 OK\r\n\r\n', 'http1.bad_version'],
  [`${OK}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`, 'http1.conflicting_framing'],
  [`${OK}Content-Length: 5,\r\n\r\nhello`, 'http1.bad_content_length'],
  [`${OK}Transfer-Encoding: identity, chunked\r\n\r\n`, 'http1.bad_transfer_encoding'],
  ['HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', 'http1.transfer_encoding_in_http10'],
  ['HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n', 'http1.transfer_encoding_not_allowed'],
  ['HTTP/1.1 103 Early Hints\r\nTransfer-Encoding: chunked\r\n\r\n', 'http1.transfer_encoding_not_allowed'],
  [`${SWITCH}Upgrade: websocket\r\n\r\n`, 'http1.bad_switching_protocols'],
  [`${OK}X : 1\r\n\r\n`, 'http1.bad_field'],
];

describe('HttpResponseDecoder', () => {
  it.each(ACCEPTED)('accepts %j as the response to %s', (text, method, start, body) => {
    for (const pieces of [[bytes(text)], byteByByte(text), ...everySplit(text)]) {
      expect(decodeResponse(pieces, { method })).toMatchObject([
        { start, body, failure: undefined, complete: true },
      ]);
    }
  });

  it.each(REFUSED)('refuses %j', (text, failure) => {
    for (const pieces of [[bytes(text)], byteByByte(text), ...everySplit(text)]) {
      expect(decodeResponse(pieces)).toMatchObject([{ start: '502 ', body: '', failure, complete: true }]);
    }
  });

  it.each([
    [`${OK}Content-Length: 10\r\n\r\nhello`, 'http1.truncated_body'],
    [`${CHUNKED}5\r\nhello\r\n`, 'http1.truncated_body'],
    [`${CHUNKED}4\r\nhello\r\n0\r\n\r\n`, 'http1.bad_chunk'],
    [`${CHUNKED} 5\r\nhello\r\n0\r\n\r\n`, 'http1.bad_chunk'],
    [`${CHUNKED}5 \r\nhello\r\n0\r\n\r\n`, 'http1.bad_chunk'],
  ])('ends %j with a failure', (text, failure) => {
    for (const pieces of [[bytes(text)], byteByByte(text)]) {
      expect(decodeResponse(pieces)).toMatchObject([{ start: '200 OK', failure }]);
    }
  });

  it('reports interim responses before the response', () => {
    const text = `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n${OK}Content-Length: 2\r\n\r\nok`;

    for (const pieces of everySplit(text)) {
      expect(decodeResponse(pieces)).toMatchObject([
        { start: '100 Continue', complete: false },
        { start: '103 Early Hints', fields: ['Link: a'], complete: false },
        { start: '200 OK', body: 'ok', complete: true },
      ]);
    }
  });

  it('takes 32 interim responses and no more', () => {
    const interim = 'HTTP/1.1 103 Early Hints\r\n\r\n';
    const rest = `${OK}Content-Length: 0\r\n\r\n`;

    expect(decodeResponse([bytes(interim.repeat(32) + rest)]).at(-1)?.failure).toBeUndefined();
    expect(decodeResponse([bytes(interim.repeat(33) + rest)]).at(-1)?.failure).toBe(
      'http1.too_many_interim_responses',
    );
  });

  it.each([
    [{ upgrade: 'websocket' }, 'Upgrade: WebSocket\r\n', undefined],
    [{ upgrade: 'websocket' }, 'Upgrade: h2c\r\n', 'http1.bad_switching_protocols'],
    [{ upgrade: 'websocket' }, '', 'http1.bad_switching_protocols'],
    [{}, 'Upgrade: websocket\r\n', 'http1.bad_switching_protocols'],
  ])('judges a 101 to %j with %j', (request, field, failure) => {
    expect(decodeResponse([bytes(`${SWITCH}${field}\r\n\x02hi`)], request)[0]?.failure).toBe(failure);
  });

  it('keeps the bytes behind a 101 for another protocol', () => {
    const decoder = new HttpResponseDecoder(new Collector());
    decoder.expect('GET', 'websocket');

    decoder.decode(bytes(`${SWITCH}Upgrade: websocket\r\n\r\n\x02hi`));

    expect(decoder.takeUnread()?.toString('latin1')).toBe('\x02hi');
    decoder.dispose();
  });

  it('drops framing fields and Set-Cookie from trailers', () => {
    const text = `${CHUNKED}0\r\nTransfer-Encoding: gzip\r\nSet-Cookie: a=1\r\nX-Sum: abc\r\n\r\n`;

    expect(decodeResponse([bytes(text)])).toMatchObject([{ trailers: ['X-Sum: abc'], failure: undefined }]);
  });

  it('does not take a broken connection for the end of a body', () => {
    const collector = new Collector();
    const decoder = new HttpResponseDecoder(collector);
    decoder.expect('GET', undefined);
    decoder.decode(bytes(`${OK}\r\nhel`));

    decoder.abort();

    expect(collector.messages).toMatchObject([{ body: 'hel', failure: 'http1.truncated_body' }]);
    decoder.dispose();
  });
});
