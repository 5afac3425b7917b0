import { LastHttpContent } from '@sluice/codec-http';
import type { InboundFilter } from '@sluice/filters';
import { startPassport } from '@sluice/passport';
import { describe, expect, it } from 'vitest';
import type { Deferred } from './support.ts';
import {
  chunk,
  CHUNKED_POST,
  Client,
  deferred,
  echo,
  far,
  GET,
  inbound,
  outbound,
  post,
  text,
} from './support.ts';

const wait = (until: Deferred<void>): Pick<InboundFilter, 'apply'> => ({ apply: () => until.promise });
const buffer = { needsBodyBuffered: () => true };

describe('a filter that wants the whole body', () => {
  it('runs when a request is complete, and the body goes on', () => {
    const seen: unknown[] = [];
    const look = inbound({ ...buffer, apply: (request) => void seen.push(request.bodyAsText) });
    const { endpoint, sides } = far();
    const client = new Client({ filters: [look, look, inbound({ ...buffer })], endpoint });

    client.send(post('ab', 4));
    expect(seen).toEqual([]);
    client.send('cd');

    expect(seen).toEqual(['abcd']);
    expect(sides[0]?.log).toEqual(['abcd|end']);
    expect(sides[0]?.request.outboundRequest.contentLength).toBe(4);
  });

  it('runs when a response is complete, with its trailers kept', () => {
    const look = outbound({ ...buffer, apply: (r) => void r.headers.set('x-size', String(r.body?.length)) });
    const { endpoint, sides } = far();
    const client = new Client({ filters: [look], endpoint });

    client.send(GET);
    sides[0]?.respond({ framing: 'chunked' });
    sides[0]?.body('abc');
    expect(client.received()).toBe('');
    sides[0]?.last('def', [['x-sum', '6']]);

    const received = client.received();
    expect(received).toContain('x-size: 6');
    expect(received).toMatch(/\r\n\r\n6\r\nabcdef\r\n0\r\nx-sum: 6\r\n\r\n$/);
  });

  it('has an empty one for a request without a body', () => {
    const seen: unknown[] = [];
    const look = inbound({ ...buffer, apply: (request) => void seen.push(request.bodyAsText) });
    const client = new Client({ filters: [look], endpoint: text('fine') });

    expect(client.send(GET)).toContain('200 OK');
    expect(seen).toEqual(['']);
  });

  it('does not wait behind a 101, which no body follows', () => {
    const { endpoint, sides } = far();
    const client = new Client({ filters: [outbound({ ...buffer })], endpoint });

    client.send('GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
    sides[0]?.respond({ status: 101, framing: 'none', upgrade: 'websocket' });
    sides[0]?.downstream.flush();

    expect(client.received()).toContain('101 Switching Protocols');
  });

  it('has the time that it took in the passport, and nothing when it was there already', () => {
    const { endpoint, sides } = far();
    const filters = [inbound({ ...buffer }), outbound({ ...buffer })];
    const client = new Client({ filters, endpoint });
    const passport = startPassport(client.channel);
    client.send(post('ab', 3));
    client.channel.clock.advance(5);
    client.send('c');
    sides[0]?.respond({ contentLength: 2 });
    client.channel.clock.advance(7);
    sides[0]?.last('ok');
    const whole = startPassport(client.channel);
    client.send(GET);

    expect(passport.intervals('FILTERS_INBOUND_BUF_START', 'FILTERS_INBOUND_BUF_END')).toEqual([
      { startNs: 0, endNs: 5e6 },
    ]);
    expect(passport.intervals('FILTERS_OUTBOUND_BUF_START', 'FILTERS_OUTBOUND_BUF_END')).toEqual([
      { startNs: 5e6, endNs: 12e6 },
    ]);
    expect(whole.has('FILTERS_INBOUND_BUF_START')).toBe(false);
  });

  it('may be an endpoint', () => {
    const client = new Client({ endpoint: echo() });

    expect(client.send(post('abc', 6), 'def')).toMatch(/POST abcdef$/);
  });

  it.each([
    { what: 'a filter', settings: { filters: [inbound({ ...buffer })] } },
    {
      what: 'a late filter',
      settings: { filters: [inbound({ processContentChunk: (_r, c) => c }), inbound({ ...buffer })] },
    },
    { what: 'an endpoint', settings: { endpoint: echo() } },
  ])('refuses a request above the limit with 413 ($what)', ({ settings }) => {
    const client = new Client({ endpoint: text('never'), ...settings, options: { maxRequestBodyBytes: 5 } });

    expect(client.send(CHUNKED_POST, chunk('12345'))).toBe('');
    const received = client.send(chunk('6'));

    expect(received).toContain('HTTP/1.1 413');
    expect(received).toContain('connection: close');
    expect(received.match(/HTTP\/1.1/g)).toHaveLength(1);
  });

  it('refuses a request that announces more than the limit before it is there', () => {
    const filters = [inbound({ ...buffer })];
    const client = new Client({ filters, endpoint: text('never'), options: { maxRequestBodyBytes: 5 } });

    expect(client.send(post('', 65_537))).toMatch(/^HTTP\/1.1 413 [^]*connection: close/);
  });

  it('may have a limit of its own', () => {
    const filters = [inbound({ ...buffer }, { maxBodyBytes: 6 })];
    const client = new Client({ filters, endpoint: text('fine'), options: { maxRequestBodyBytes: 5 } });

    expect(client.send(post('123456'))).toContain('HTTP/1.1 200');
    expect(client.send(post('1234567'))).toContain('HTTP/1.1 413');
  });

  it('refuses a request that grew above the limit while another filter was under way', async () => {
    const first = deferred<void>();
    const filters = [inbound(wait(first)), inbound({ ...buffer })];
    const client = new Client({ filters, endpoint: text('never'), options: { maxRequestBodyBytes: 5 } });

    client.send(post('123456'));
    first.resolve();
    await client.settle();

    expect(client.received()).toContain('HTTP/1.1 413');
  });

  it('refuses a response above the limit with 502', () => {
    const { endpoint, sides } = far();
    const filters = [outbound({ ...buffer })];
    const client = new Client({ filters, endpoint, options: { maxResponseBodyBytes: 5 } });

    client.send(GET);
    sides[0]?.respond({ framing: 'chunked' });
    sides[0]?.body('123456');

    expect(client.received()).toContain('HTTP/1.1 502');
    expect(sides[0]?.ends).toEqual([false]);
  });

  it('lets reading go on that an asynchronous filter before it has stopped', async () => {
    const first = deferred<void>();
    const filters = [inbound(wait(first)), inbound({ ...buffer })];
    const client = new Client({ filters, endpoint: echo() });
    const half = 'x'.repeat(70_000);

    client.send(post(half, 2 * half.length));
    expect(client.channel.areReadsPaused).toBe(true);
    first.resolve();
    await client.settle();

    expect(client.channel.areReadsPaused).toBe(false);
    expect(client.send(half)).toContain(`POST ${half}${half}`);
  });
});

describe('setBody', () => {
  it('replaces a body that was buffered', () => {
    const upper = inbound({ ...buffer, apply: (r) => r.setBody((r.bodyAsText ?? '').toUpperCase() + '!') });
    const { endpoint, sides } = far();
    const client = new Client({ filters: [upper], endpoint });

    client.send(CHUNKED_POST, chunk('abc'), '0\r\n\r\n');

    expect(sides[0]?.log).toEqual(['ABC!|end']);
    expect(sides[0]?.request.outboundRequest).toMatchObject({ framing: 'length', contentLength: 4 });
  });

  it('replaces a body that is still to come', () => {
    const { endpoint, sides } = far();
    const client = new Client({ filters: [inbound({ apply: (r) => r.setBody('new') })], endpoint });

    client.send(post('ol', 3), 'd');

    expect(sides[0]?.log).toEqual(['new|end']);
  });

  it('gives the new body to the filters behind', () => {
    const seen: string[] = [];
    const client = new Client({
      filters: [
        outbound({ apply: (r) => r.setBody('new') }),
        outbound({ processContentChunk: (_r, c) => new LastHttpContent(Buffer.from(`<${String(c.data)}>`)) }),
        outbound({}),
        outbound({ ...buffer, apply: (r) => void seen.push(String(r.body)) }),
      ],
      endpoint: text('old'),
    });

    expect(client.send(GET)).toMatch(/chunked\r\n[^]*\r\n\r\n5\r\n<new>\r\n0\r\n\r\n$/);
    expect(seen).toEqual(['<new>']);
  });

  it('changes a local response', () => {
    const add = outbound({ apply: (r) => r.setBody(`${String(r.body)}!`) });

    expect(new Client({ filters: [add], endpoint: text('fine') }).send(GET)).toMatch(
      /length: 5\r\n[^]*\r\n\r\nfine!$/,
    );
  });
});
