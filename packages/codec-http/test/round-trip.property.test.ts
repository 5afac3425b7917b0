import { EmbeddedChannel } from '@sluice/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  HttpClientCodec,
  HttpContent,
  HttpHeaders,
  HttpRequest,
  HttpResponse,
  HttpServerCodec,
  LastHttpContent,
} from '../src/index.ts';
import type { RequestFraming } from '../src/index.ts';
import { bytes, decodeRequests, decodeResponse } from './support.ts';

const TOKEN = fc.stringMatching(/^[A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]{0,12}$/);
const VALUE = fc.stringMatching(
  /^([\x21-\x7e\xa1-\xff]([\t \x21-\x7e\x80-\xff]{0,20}[\x21-\x7e\xa1-\xff])?)?$/,
);
const FIELDS = fc.array(
  fc.tuple(
    TOKEN.map((name) => `x-${name}`),
    VALUE,
  ),
  { maxLength: 8 },
);
const PIECES = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 });
const CUTS = fc.array(fc.nat(), { maxLength: 12 });

describe('HTTP codecs', () => {
  it('decode what they have encoded, in any cut: requests', () => {
    fc.assert(
      fc.property(FIELDS, PIECES, fc.boolean(), CUTS, (fields, pieces, isChunked, cuts) => {
        const body = Buffer.concat(pieces);
        const framing: RequestFraming = isChunked ? 'chunked' : 'length';
        const request = new HttpRequest({
          method: 'POST',
          target: '/a//b?c=%2F',
          authority: 'o.test',
          headers: HttpHeaders.of(fields),
          framing,
          contentLength: isChunked ? -1 : body.length,
        });

        const wire = encode(new HttpClientCodec(), [
          request,
          ...pieces.map(toContent),
          LastHttpContent.EMPTY,
        ]);

        expect(decodeRequests(cut(wire, cuts))).toEqual([
          {
            start: 'POST /a//b?c=%2F o.test',
            fields: fields.map(([name, value]) => `${name}: ${value}`),
            body: body.toString('latin1'),
            trailers: [],
            failure: undefined,
            complete: true,
          },
        ]);
      }),
      { numRuns: 150 },
    );
  });

  it('decode what they have encoded, in any cut: responses', () => {
    fc.assert(
      fc.property(FIELDS, FIELDS, PIECES, CUTS, (fields, trailers, pieces, cuts) => {
        const codec = new HttpServerCodec();
        const response = new HttpResponse({ status: 200, headers: HttpHeaders.of(fields) });
        const safe = trailers.map(([name, value]) => [`t-${name}`, value] as const);
        const last = new LastHttpContent(undefined, HttpHeaders.of(safe));

        const wire = encode(
          codec,
          [response, ...pieces.map(toContent), last],
          'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
        );

        expect(decodeResponse(cut(wire, cuts))).toEqual([
          {
            start: '200 OK',
            fields: fields.map(([name, value]) => `${name}: ${value}`),
            body: Buffer.concat(pieces).toString('latin1'),
            trailers: safe.map(([name, value]) => `${name}: ${value}`),
            failure: undefined,
            complete: true,
          },
        ]);
      }),
      { numRuns: 150 },
    );
  });

  it('find the same in any bytes, however they are cut', () => {
    const parts = fc.constantFrom(
      'GET / HTTP/1.1\r\n',
      'POST /p HTTP/1.0\r\n',
      'Host: a\r\n',
      'Content-Length: 3\r\n',
      'Transfer-Encoding: chunked\r\n',
      'Connection: close\r\n',
      '\r\n',
      '\r',
      '\n',
      '3\r\nabc\r\n',
      '0\r\n',
      '3;a="b"\r\n',
      'X: 1\r\n',
      ' ',
      '\0',
      'abc',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 14 }), CUTS, (words, cuts) => {
        const input = bytes(words.join(''));

        expect(decodeRequests(cut(input, cuts))).toEqual(decodeRequests([input]));
      }),
      { numRuns: 1_000 },
    );
  });
});

function encode(
  codec: HttpClientCodec | HttpServerCodec,
  messages: readonly object[],
  received?: string,
): Buffer {
  const channel = new EmbeddedChannel(codec);
  if (received !== undefined) channel.writeInbound(bytes(received));
  channel.writeOutbound(...messages);
  const written = channel.outboundMessages().map((message) => message as Buffer);
  return Buffer.concat(written);
}

function toContent(piece: Uint8Array): HttpContent {
  return new HttpContent(Buffer.from(piece));
}

function cut(input: Buffer, cuts: readonly number[]): Buffer[] {
  const offsets = cuts.map((at) => at % (input.length + 1)).toSorted((a, b) => a - b);
  const ends = [...offsets, input.length];
  return ends.map((end, i) => input.subarray(offsets[i - 1] ?? 0, end));
}
