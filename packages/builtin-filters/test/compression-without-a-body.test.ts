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
