import { RequestSizeLimitFilter, RequestSizeLimitOptions } from '@sluice/builtin-filters';
import { describe, expect, it } from 'vitest';
import { Client, field, recorder, request, statusOf } from './support.ts';

const CHUNKED = request('POST', '/', ['transfer-encoding: chunked']);

describe('the limit to the size of requests', () => {
  it('refuses an announced length at once', () => {
    const { client, origin } = connect();

    const response = client.send(request('POST', '/', ['content-length: 65537']));

    expect(statusOf(response)).toBe(413);
    expect(field(response, 'connection')).toBe('close');
    expect(field(response, 'proxy-status')).toBe('sluice; error=http_body_too_large');
    expect(origin.sides).toHaveLength(0);
  });

  it('leaves a length that fits as it was announced', () => {
    const { client, origin } = connect();

    client.send(`${request('POST', '/', ['content-length: 5'])}12345`);

    expect(origin.sides[0]?.request.outboundRequest.contentLength).toBe(5);
    expect(origin.sides[0]?.pieces).toEqual(['12345']);
  });

  it('counts what is not announced, and refuses it where it is too much', () => {
    const { client, origin } = connect();

    expect(client.send(`${CHUNKED}3\r\n123\r\n2\r\n45\r\n`)).toBe('');
    const response = client.send('1\r\n6\r\n');

    expect(statusOf(response)).toBe(413);
    expect(origin.sides[0]?.pieces.join('')).toBe('12345');
    expect(origin.sides[0]?.ends).toEqual([false]);
  });

  it('cuts a response that has started by then, and sends no second one', () => {
    const { client, origin } = connect();

    client.send(`${CHUNKED}3\r\n123\r\n`);
    origin.sides[0]?.respond({});
    origin.sides[0]?.body('early');
    const started = client.received();
    const rest = client.send('3\r\n456\r\n');

    expect(started).toContain('early');
    expect(rest).toBe('');
    expect(client.channel.isOpen).toBe(false);
  });

  it('counts each request for itself', () => {
    const { client, origin } = connect();

    for (const _round of [1, 2]) {
      client.send(`${CHUNKED}5\r\n12345\r\n0\r\n\r\n`);
      origin.sides.at(-1)?.respond({ contentLength: 0 });
      origin.sides.at(-1)?.last();
      expect(statusOf(client.received())).toBe(200);
    }
  });

  it('takes no negative size', () => {
    expect(() => new RequestSizeLimitOptions({ maxBodyBytes: -1 })).toThrow(
      'request-size-limit: maxBodyBytes: Too small: expected number to be >=0 (found -1)',
    );
  });
});

function connect(): { client: Client; origin: ReturnType<typeof recorder> } {
  const origin = recorder(() => {});
  const client = new Client({
    filters: [RequestSizeLimitFilter],
    endpoint: origin.endpoint,
    bindings: [[RequestSizeLimitOptions, new RequestSizeLimitOptions({ maxBodyBytes: 5 })]],
  });
  return { client, origin };
}
