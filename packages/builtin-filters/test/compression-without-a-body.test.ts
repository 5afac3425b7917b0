// A response to HEAD, and a 304, told of the plain body where a GET gets a compressed one.
import {
  AcceptEncodingFilter,
  CompressionOptions,
  StreamingCompressionFilter,
  WholeCompressionFilter,
} from '@sluice/builtin-filters';
import { HttpResponseMessage } from '@sluice/filters';
import { describe, expect, it } from 'vitest';
import { Client, field, inbound, recorder, request } from './support.ts';
import type { ClientSettings, OriginSide, Recorder } from './support.ts';

type Fields = readonly (readonly [string, string])[];

const TEXT = 'All the world is a stage. '.repeat(100);
const PLAIN: Fields = [
  ['content-type', 'text/plain'],
  ['etag', '"v1"'],
  ['accept-ranges', 'bytes'],
  ['repr-digest', 'sha-256=:a=:'],
];

describe('a response to HEAD', () => {
  it.each([5_000, 500_000])('of %i bytes has what is true of a compressed one', (contentLength) => {
    const response = head(withoutBody(200, PLAIN, contentLength), 'accept-encoding: gzip');

    expect(field(response, 'vary')).toBe('Accept-Encoding');
    expect(field(response, 'etag')).toBe('W/"v1"');
    expect(response).not.toMatch(/content-length|transfer-encoding|content-encoding|accept-ranges|digest/i);
  });

  it('of a client that takes no coding varies, and stays', () => {
    const response = head(withoutBody(200, PLAIN, 5_000));

    expect(field(response, 'vary')).toBe('Accept-Encoding');
    expect(field(response, 'etag')).toBe('"v1"');
    expect(field(response, 'accept-ranges')).toBe('bytes');
    expect(field(response, 'content-length')).toBe('5000');
  });

  it.each<[string, Fields, number]>([
    ['small', PLAIN, 255],
    ['of another type', [['etag', '"v1"']], 5_000],
    ['not to be transformed', [...PLAIN, ['cache-control', 'no-transform']], 5_000],
  ])('that is %s is left alone', (_what, fields, contentLength) => {
    const response = head(withoutBody(200, fields, contentLength), 'accept-encoding: gzip');

    expect(field(response, 'vary')).toBeUndefined();
    expect(field(response, 'etag')).toBe('"v1"');
    expect(field(response, 'content-length')).toBe(String(contentLength));
  });

  it('made here has the fields of a GET', async () => {
    const answer = inbound((_request, context) => {
      context.staticResponse = HttpResponseMessage.make(context, { status: 200, headers: PLAIN, body: TEXT });
    });
    const ask = (method: string): Promise<string> =>
      connect(recorder(), [answer]).ask(request(method, '/', ['accept-encoding: gzip']));

    const get = await ask('GET');

    expect(field(get, 'content-encoding')).toBe('gzip');
    expect(await ask('HEAD')).toBe(get.slice(0, get.indexOf('\r\n\r\n') + 4));
  });
});

describe('a 304', () => {
  const fields: Fields = [
    ['etag', '"v1"'],
    ['accept-ranges', 'bytes'],
  ];

  it.each([['W/"v1"'], ['"v0", W/"v1"'], ['"v1", W/"v1"'], ['*']])(
    'to a client that holds %s is one of the compressed body',
    (held) => {
      const response = get(
        withoutBody(304, fields, 5_000),
        'accept-encoding: gzip',
        `if-none-match: ${held}`,
      );

      expect(field(response, 'vary')).toBe('Accept-Encoding');
      expect(field(response, 'etag')).toBe('W/"v1"');
      expect(response).not.toMatch(/content-|accept-ranges/i);
    },
  );

  it.each<readonly string[]>([
    ['accept-encoding: gzip', 'if-none-match: "v1"'],
    ['accept-encoding: gzip', 'if-none-match: "v0"', 'if-none-match: "v1"'],
    ['accept-encoding: identity', 'if-none-match: W/"v1"'],
    ['if-none-match: "v1"'],
  ])('is one of the body as it is, with %s', (...conditions) => {
    const response = get(withoutBody(304, fields), ...conditions);

    expect(field(response, 'vary')).toBe('Accept-Encoding');
    expect(field(response, 'etag')).toBe('"v1"');
    expect(field(response, 'accept-ranges')).toBe('bytes');
  });

  it('is weak to a client that holds nothing by a tag', () => {
    const response = get(
      withoutBody(304, fields),
      'accept-encoding: gzip',
      'if-modified-since: Mon, 01 Jan 2024 00:00:00 GMT',
    );

    expect(field(response, 'etag')).toBe('W/"v1"');
  });

  it('of a type that is not compressed is left alone', () => {
    const image: Fields = [...fields, ['content-type', 'image/png']];
    const response = get(withoutBody(304, image), 'accept-encoding: gzip', 'if-none-match: W/"v1"');

    expect(field(response, 'vary')).toBeUndefined();
    expect(field(response, 'etag')).toBe('"v1"');
  });

  it('has no coding where a filter has made one with a body to come', () => {
    const origin = recorder((side) => {
      side.respond({ status: 304 }, PLAIN);
      side.last();
    });

    expect(get(origin, 'accept-encoding: gzip')).not.toContain('content-encoding');
  });
});

function get(origin: Recorder, ...fields: readonly string[]): string {
  return connect(origin).get('/', ...fields);
}

function head(origin: Recorder, ...fields: readonly string[]): string {
  return connect(origin).send(request('HEAD', '/', fields));
}

/** An origin that answers with a head alone. */
function withoutBody(status: number, fields: Fields, contentLength = -1): Recorder {
  return recorder((side: OriginSide) => {
    side.respond({ status, framing: 'none', contentLength }, fields);
    side.last();
  });
}

function connect(origin: Recorder, before: ClientSettings['filters'] = []): Client {
  return new Client({
    filters: [AcceptEncodingFilter, ...before, WholeCompressionFilter, StreamingCompressionFilter],
    endpoint: origin.endpoint,
    bindings: [[CompressionOptions, new CompressionOptions()]],
  });
}
