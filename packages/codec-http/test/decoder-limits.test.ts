import { describe, expect, it } from 'vitest';
import { bytes, byteByByte, decodeRequests, decodeResponse } from './support.ts';

const HOST = 'Host: a\r\n';
const CHUNKED = `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`;

/** Messages that reach a limit exactly and one step beyond. */
const LIMITS = [
  ['request line', requestLine(8_192), requestLine(8_193), 'http1.request_line_too_long'],
  ['head', head(32_768), head(32_769), 'http1.head_too_large'],
  ['fields', fields(100), fields(101), 'http1.too_many_fields'],
  ['chunk extensions', extensions(16_384), extensions(16_385), 'http1.chunk_overhead_too_large'],
  ['leading zeros', zeros(16_384), zeros(16_385), 'http1.chunk_overhead_too_large'],
  ['trailer section', trailers(16_384), trailers(16_385), 'http1.trailers_too_large'],
  ['trailers', trailerFields(100), trailerFields(101), 'http1.too_many_trailers'],
] as const;

describe('decoder limits', () => {
  it.each(LIMITS)('takes a %s of the limit and refuses more', (_name, atLimit, beyond, failure) => {
    for (const feed of [(text: string) => [bytes(text)], byteByByte]) {
      expect(decodeRequests(feed(atLimit))).toMatchObject([{ failure: undefined, complete: true }]);
      expect(decodeRequests(feed(beyond))).toMatchObject([{ failure, complete: true }]);
    }
  });

  it.each([
    ['request line', `GET /${'a'.repeat(20_000)}`, 'http1.request_line_too_long'],
    ['field', `GET / HTTP/1.1\r\n${HOST}X: ${'a'.repeat(40_000)}`, 'http1.head_too_large'],
    ['size line', `${CHUNKED}5;${'a'.repeat(20_000)}`, 'http1.chunk_overhead_too_large'],
    ['trailer', `${CHUNKED}0\r\nX: ${'a'.repeat(20_000)}`, 'http1.trailers_too_large'],
  ])('cuts a %s that never ends', (_name, text, failure) => {
    expect(decodeRequests([bytes(text)])).toMatchObject([{ failure }]);
    expect(decodeRequests(byteByByte(text))).toMatchObject([{ failure }]);
  });

  it('takes larger heads from a server', () => {
    const start = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n';

    expect(decodeResponse([bytes(`${start}${'X: 1\r\n'.repeat(255)}\r\n`)])).toMatchObject([
      { failure: undefined },
    ]);
    expect(decodeResponse([bytes(`${start}${'X: 1\r\n'.repeat(256)}\r\n`)])).toMatchObject([
      { failure: 'http1.too_many_fields' },
    ]);
    expect(decodeResponse([bytes(`${start}X: ${'a'.repeat(70_000)}\r\n\r\n`)])).toMatchObject([
      { failure: 'http1.head_too_large' },
    ]);
  });

  it('takes limits of its own', () => {
    const text = `GET / HTTP/1.1\r\n${HOST}X: 1\r\n\r\n`;

    expect(decodeRequests([bytes(text)], { maxFields: 1 })).toMatchObject([
      { failure: 'http1.too_many_fields' },
    ]);
    expect(decodeRequests([bytes(text)], { maxHeadBytes: 20 })).toMatchObject([
      { failure: 'http1.head_too_large' },
    ]);
  });
});

function requestLine(length: number): string {
  return `GET /${'a'.repeat(length - 'GET / HTTP/1.1\r\n'.length)} HTTP/1.1\r\n${HOST}\r\n`;
}

function head(length: number): string {
  const rest = `GET / HTTP/1.1\r\n${HOST}X: \r\n\r\n`.length;
  return `GET / HTTP/1.1\r\n${HOST}X: ${'a'.repeat(length - rest)}\r\n\r\n`;
}

function fields(count: number): string {
  return `GET / HTTP/1.1\r\n${HOST}${'X: 1\r\n'.repeat(count - 1)}\r\n`;
}

// Counted: from behind the semicolon to the CR, and leading zeros, of which the last chunk has one.
function extensions(length: number): string {
  return `${CHUNKED}5;${'a'.repeat(length - 2)}\r\nhello\r\n0\r\n\r\n`;
}

function zeros(length: number): string {
  return `${CHUNKED}${'0'.repeat(length - 1)}5\r\nhello\r\n0\r\n\r\n`;
}

function trailers(length: number): string {
  return `${CHUNKED}0\r\nX: ${'a'.repeat(length - 'X: \r\n\r\n'.length)}\r\n\r\n`;
}

function trailerFields(count: number): string {
  return `${CHUNKED}0\r\n${'X: 1\r\n'.repeat(count)}\r\n`;
}
