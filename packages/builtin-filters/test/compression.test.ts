import { createHash } from 'node:crypto';
import { brotliDecompressSync, constants, gunzipSync } from 'node:zlib';
import { HttpHeaders, LastHttpContent } from '@sluice/codec-http';
import {
  AcceptEncodingFilter,
  CompressionOptions,
  StreamingCompressionFilter,
  WholeCompressionFilter,
} from '@sluice/builtin-filters';
import { HttpResponseMessage } from '@sluice/filters';
import { describe, expect, it } from 'vitest';
import { negotiateCoding } from '../src/compression/accept-encoding.ts';
import { Client, field, fieldsOf, inbound, nextTurn, recorder, request } from './support.ts';
import type { OriginSide, Recorder } from './support.ts';

type Input = ConstructorParameters<typeof CompressionOptions>[0];
type Fields = readonly (readonly [string, string])[];

const TEXT = 'All the world is a stage. '.repeat(100);
const JSON_TYPE = ['content-type', 'application/json; charset=utf-8'] as const;

describe('what a client accepts', () => {
  it.each([
    ['gzip, br', 'br'],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['GZIP;Q=1', 'gzip'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br;q=0.001', 'br'],
    ['br;q=0, gzip;q=0.0', undefined],
    ['*', 'br'],
    ['*;q=0.1, br;q=0', 'gzip'],
    ['*;q=0', undefined],
    ['*;q=0, gzip', 'gzip'],
    ['identity', undefined],
    ['identity, gzip;q=0.5', undefined],
    ['identity;q=0.5, gzip;q=0.5', 'gzip'],
    ['identity;q=0.5, gzip', 'gzip'],
    ['identity;q=0', undefined],
    ['identity;q=0, gzip;q=0.1', 'gzip'],
    ['', undefined],
    ['deflate, zstd', undefined],
    ['gzip;q=2', undefined],
    ['gzip;q=-1', undefined],
    ['gzip;q=0.1234', undefined],
    ['gzip;q=a, br', 'br'],
    ['gzip;q=1;x=1', undefined],
    ['gzip ; q=0.5 ,\tbr ;q=0.4', 'gzip'],
    [',,gzip,,', 'gzip'],
    ['__proto__, constructor;q=1', undefined],
  ])('with %j gets %s', (accepted, coding) => {
    expect(negotiateCoding(accepted, ['br', 'gzip'])).toBe(coding);
  });

  it('is read in time that grows with its length alone', () => {
    const long = 'gzip;q=0.5,'.repeat(3_000) + ' ;'.repeat(10_000);

    expect(negotiateCoding(long, ['br', 'gzip'])).toBe('gzip');
  });
});

describe('a response of known, moderate length', () => {
  it.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ])('is compressed as a whole with %s, and its new length told', async (coding, decode) => {
    const { client } = connect(answering(TEXT));

    const response = await askBytes(client, `accept-encoding: ${coding}`);

    expect(field(response.head, 'content-encoding')).toBe(coding);
    expect(field(response.head, 'content-length')).toBe(String(response.body.length));
    expect(field(response.head, 'vary')).toBe('Accept-Encoding');
    expect(decode(response.body).toString()).toBe(TEXT);
  });

  it('may be made here', async () => {
    const answer = inbound((_request, context) => {
      const headers = [JSON_TYPE];
      context.staticResponse = HttpResponseMessage.make(context, { status: 200, headers, body: TEXT });
      context.stopFilterProcessing = true;
    });
    const { client } = connect(recorder(), {}, [answer]);

    const { body } = await askBytes(client, 'accept-encoding: gzip');

    expect(gunzipSync(body).toString()).toBe(TEXT);
  });

  it('has a weaker validator, and no digest of octets that are others now', async () => {
    const { client } = connect(
      answering(TEXT, [
        JSON_TYPE,
        ['etag', '"1"'],
        ['accept-ranges', 'bytes'],
        ['Content-Digest', 'sha-256=:a=:'],
      ]),
    );

    const { head } = await askBytes(client, 'accept-encoding: br');

    expect(field(head, 'etag')).toBe('W/"1"');
    expect(head).not.toMatch(/accept-ranges|digest/i);
  });

  it('keeps a weak validator and a Vary', async () => {
    const { client } = connect(
      answering(TEXT, [JSON_TYPE, ['etag', 'W/"1"'], ['vary', 'accept-encoding, origin']]),
    );

    const { head } = await askBytes(client, 'accept-encoding: br');

    expect(field(head, 'etag')).toBe('W/"1"');
    expect(fieldsOf(head, 'vary')).toEqual(['accept-encoding, origin']);
  });

  it('is left alone where that would make it larger', async () => {
    const noise = noiseOf(300);
    const { client } = connect(answering(noise));

    const { head, body } = await askBytes(client, 'accept-encoding: gzip');

    expect(head).not.toContain('content-encoding');
    expect(body).toEqual(noise);
  });
});

describe('a response is not compressed', () => {
  it.each<{ why: string; body?: string; fields?: Fields; status?: number; accept?: string; vary?: string }>([
    { why: 'it has a coding', fields: [JSON_TYPE, ['content-encoding', 'zstd']] },
    { why: 'it must not be transformed', fields: [JSON_TYPE, ['cache-control', 'public, No-Transform']] },
    { why: 'it is a part', status: 206, fields: [JSON_TYPE, ['content-range', 'bytes 0-1/2']] },
    { why: 'it is small', body: 'x'.repeat(255) },
    { why: 'its type is not listed', fields: [['content-type', 'image/png']] },
    { why: 'its type only begins like one', fields: [['content-type', 'application/jsonx']] },
    { why: 'it has no type', fields: [] },
    {
      why: 'the client forbids it',
      accept: 'accept-encoding: gzip\r\ncache-control: no-transform',
    },
    { why: 'the client has not asked', vary: 'Accept-Encoding', accept: '' },
    { why: 'the client wants it as it is', vary: 'Accept-Encoding', accept: 'accept-encoding: identity' },
  ])(
    'when $why',
    ({ body = TEXT, fields = [JSON_TYPE], status = 200, accept = 'accept-encoding: gzip', vary }) => {
      const { client } = connect(answering(body, fields, status));

      const response = client.get('/', accept === '' ? 'x-a: 1' : accept);

      expect(response.endsWith(body)).toBe(true);
      expect(response).not.toContain('content-encoding: gzip');
      expect(field(response, 'vary')).toBe(vary);
    },
  );

  it.each([204, 304])('with status %s', (status) => {
    const origin = recorder((side) => {
      side.respond({ status, framing: 'none' }, [JSON_TYPE]);
      side.last();
    });

    expect(connect(origin).client.get('/', 'accept-encoding: gzip')).not.toContain('content-encoding');
  });

  it.each([
    ['text/plain', true],
    ['TEXT/HTML; charset=utf-8', true],
    ['application/problem+json', true],
    ['image/svg+xml', true],
    ['application/octet-stream', false],
  ])('unless its type is listed: %s (%s)', async (type, isListed) => {
    const { client } = connect(answering(TEXT, [['content-type', type]]));

    const { head } = await askBytes(client, 'accept-encoding: gzip');

    expect(head.includes('content-encoding')).toBe(isListed);
  });
});

describe('a response of another length', () => {
  it.each([
    ['gzip', gunzipSync, constants.Z_SYNC_FLUSH],
    ['br', brotliDecompressSync, constants.BROTLI_OPERATION_FLUSH],
  ] as const)('streams with %s, each piece to be read as it comes', async (coding, decode, finishFlush) => {
    const { client, origin } = connect(
      recorder((side) => side.respond({ framing: 'chunked' }, [['content-type', 'text/event-stream']])),
    );
    const seen: string[] = [];
    let bytes = Buffer.alloc(0);

    client.send(request('GET', '/', [`accept-encoding: ${coding}`]));
    const [side] = origin.sides;
    side?.downstream.flush();
    const { head } = split(client.received());
    for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
      side?.body(event);
      bytes = Buffer.concat([bytes, dechunked(Buffer.from(await client.ask(''), 'latin1'))]);
      seen.push(decode(bytes, { finishFlush }).toString());
    }
    side?.last('data: 3\n\n');
    const rest = await client.until('0\r\n\r\n');

    expect(field(head, 'content-encoding')).toBe(coding);
    expect(field(head, 'transfer-encoding')).toBe('chunked');
    expect(seen).toEqual(['data: 1\n\n', 'data: 1\n\ndata: 2\n\n']);
    expect(decode(Buffer.concat([bytes, dechunked(rest)])).toString()).toBe(
      'data: 1\n\ndata: 2\n\ndata: 3\n\n',
    );
  });

  it('loses what its trailers tell of the body as it was', async () => {
    const trailers: Fields = [
      ['content-digest', 'sha-256=:a=:'],
      ['repr-digest', 'sha-256=:a=:'],
      ['etag', '"v1"'],
      ['x-sum', '42'],
    ];
    const { client } = connect(
      recorder((side) => {
        side.respond({ framing: 'chunked' }, [JSON_TYPE]);
        side.downstream.content(new LastHttpContent(Buffer.from(TEXT), HttpHeaders.of(trailers)));
      }),
    );

    client.send(request('GET', '/', ['accept-encoding: gzip']));
    const response = (await client.until('\r\n\r\n')).toString('latin1');

    expect(response.slice(response.lastIndexOf('\r\n0\r\n'))).toBe(
      '\r\n0\r\netag: W/"v1"\r\nx-sum: 42\r\n\r\n',
    );
  });

  it('is compressed when its length is above that of a whole', async () => {
    const { client } = connect(answering(TEXT), { maxWholeBytes: 100 });

    client.send(request('GET', '/', ['accept-encoding: gzip']));
    const { head, body } = split((await client.until('0\r\n\r\n')).toString('latin1'));

    expect(field(head, 'transfer-encoding')).toBe('chunked');
    expect(gunzipSync(dechunked(body)).toString()).toBe(TEXT);
  });

  it('whose client goes leaves nothing behind', async () => {
    const { client, origin } = connect(recorder((side) => side.respond({ framing: 'chunked' }, [JSON_TYPE])));

    client.send(request('GET', '/', ['accept-encoding: gzip']));
    origin.sides[0]?.body('{');
    client.leave();
    await nextTurn();

    expect(origin.sides[0]?.ends).toEqual([false]);
    expect(client.channel.clock.pendingTimers).toBe(0);
  });
});

it('the origin can be kept from compressing', () => {
  const origin = answering(TEXT);
  const { client } = connect(origin, { removeAcceptEncoding: true });

  client.get('/', 'accept-encoding: zstd');

  expect(origin.sides[0]?.request.headers.has('accept-encoding')).toBe(false);
});

it.each<{ options: Input; error: string }>([
  {
    options: { gzipLevel: 10 },
    error: 'compression: gzipLevel: Too big: expected number to be <=9 (found 10)',
  },
  { options: { types: ['text'] }, error: 'compression: types[0]: expected a media type' },
  { options: { codings: ['zstd'] } as unknown as Input, error: 'compression: codings[0]: Invalid option' },
])('refuses at the start: $error', ({ options, error }) => {
  expect(() => new CompressionOptions(options)).toThrow(error);
});

/** Octets that can't be compressed, the same each time. */
function noiseOf(length: number): Buffer {
  return createHash('shake256', { outputLength: length }).update('noise').digest();
}

/** An origin that answers with a whole body. */
function answering(body: string | Buffer, fields: Fields = [JSON_TYPE], status = 200): Recorder {
  return recorder((side: OriginSide) => {
    side.respond({ status, contentLength: body.length }, fields);
    side.last(body);
  });
}

function connect(
  origin: Recorder,
  options: Input = {},
  before: ConstructorParameters<typeof Client>[0]['filters'] = [],
): { client: Client; origin: Recorder } {
  const client = new Client({
    filters: [AcceptEncodingFilter, ...before, WholeCompressionFilter, StreamingCompressionFilter],
    endpoint: origin.endpoint,
    bindings: [[CompressionOptions, new CompressionOptions(options)]],
  });
  return { client, origin };
}

async function askBytes(
  client: Client,
  ...fields: readonly string[]
): Promise<{ head: string; body: Buffer }> {
  return split(await client.ask(request('GET', '/', fields)));
}

function split(response: string): { head: string; body: Buffer } {
  const end = response.indexOf('\r\n\r\n') + 4;
  return { head: response.slice(0, end), body: Buffer.from(response.slice(end), 'latin1') };
}

function dechunked(body: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let at = 0;
  while (at < body.length) {
    const lineEnd = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, lineEnd), 16);
    if (size > 0) pieces.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
  return Buffer.concat(pieces);
}
