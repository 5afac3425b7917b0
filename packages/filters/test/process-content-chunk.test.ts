import { HttpContent, HttpHeaders, LastHttpContent } from '@sluice/codec-http';
import { HttpResponseMessage } from '@sluice/filters';
import type { InboundFilter, OutboundFilter } from '@sluice/filters';
import { describe, expect, it } from 'vitest';
import type { Deferred } from './support.ts';
import {
  chunk,
  CHUNKED_POST,
  Client,
  deferred,
  endpoint,
  far,
  GET,
  inbound,
  outbound,
  post,
} from './support.ts';

const wait = (until: Deferred<void>): Pick<InboundFilter, 'apply'> => ({ apply: () => until.promise });
const buffer = { needsBodyBuffered: () => true };

describe('processContentChunk', () => {
  const tag = (name: string): Pick<InboundFilter & OutboundFilter, 'processContentChunk'> => ({
    processContentChunk: (_message, { data }) =>
      new HttpContent(Buffer.from(data.length > 0 ? `${String(data)}${name}` : '')),
  });

  it('has each piece once, in the order of the filters, whichever waits', async () => {
    const first = deferred<void>();
    const { endpoint, sides } = far();
    const filters = [
      inbound(tag('1')),
      inbound({ ...wait(first), ...tag('2') }),
      inbound({ ...buffer, ...tag('3') }),
      inbound(tag('4')),
    ];
    const client = new Client({ filters, endpoint });

    client.send(CHUNKED_POST, chunk('a'), chunk('b'));
    first.resolve();
    await client.settle();
    expect(sides).toEqual([]);
    client.send(chunk('c'), '0\r\nx-sum: 3\r\n\r\n');

    expect(sides[0]?.log).toEqual(['a12b12c1234|x-sum,3|end']);
  });

  it('streams what passes, and sends no length that was announced', () => {
    const { endpoint, sides } = far();
    const client = new Client({
      filters: [inbound(tag('1')), inbound(tag('2')), outbound(tag('!'))],
      endpoint,
    });

    client.send(post('ab', 4));
    expect(sides[0]?.log).toEqual(['ab12']);
    client.send('cd');
    sides[0]?.respond({ contentLength: 2 });
    sides[0]?.body('ok');
    sides[0]?.last();

    expect(sides[0]?.log).toEqual(['ab12', 'cd12|end']);
    expect(sides[0]?.request.outboundRequest.framing).toBe('chunked');
    expect(client.received()).toMatch(
      /transfer-encoding: chunked\r\nDate: [^\r]+\r\n\r\n3\r\nok!\r\n0\r\n\r\n$/,
    );
  });

  it('may drop pieces, but the end and its trailers stay', () => {
    const { endpoint, sides } = far();
    const drop = outbound({ processContentChunk: () => undefined });
    const client = new Client({ filters: [drop], endpoint });

    client.send(GET);
    sides[0]?.respond({ framing: 'chunked' });
    sides[0]?.body('gone');
    sides[0]?.last('too', [['x-sum', '1']]);

    expect(client.received()).toMatch(/chunked\r\nDate: [^\r]+\r\n\r\n0\r\nx-sum: 1\r\n\r\n$/);
  });

  it.each([false, true])(
    'leaves nothing told of the body as it was, unless it only looks (%s)',
    (keepsBody) => {
      const told = [
        ['content-digest', 'sha-256=:a=:'],
        ['etag', '"1"'],
        ['accept-ranges', 'bytes'],
      ] as const;
      const { endpoint, sides } = far((side) => {
        side.respond({ framing: 'chunked', headers: HttpHeaders.of(told) });
        side.last('ab', told);
      });
      const filters = [outbound({ processContentChunk: (_r, piece) => piece }, { keepsBody })];
      const [head = '', body] = new Client({ filters, endpoint }).send(GET).split(/\r\n\r\n(?=2)/);
      const changed = '2\r\nab\r\n0\r\netag: W/"1"\r\n\r\n';
      const kept =
        '2\r\nab\r\n0\r\ncontent-digest: sha-256=:a=:\r\netag: "1"\r\naccept-ranges: bytes\r\n\r\n';

      expect(body).toBe(keepsBody ? kept : changed);
      expect(head.includes('content-digest')).toBe(keepsBody);
      expect(head.includes('accept-ranges')).toBe(keepsBody);
      expect(sides[0]?.ends).toEqual([true]);
    },
  );

  it('keeps the digest that a filter makes of its own body', () => {
    const sign = outbound({
      processContentChunk: (_r, { data }) =>
        new LastHttpContent(data, HttpHeaders.of([['content-digest', 'sha-256=:b=:']])),
    });
    const { endpoint } = far((side) => {
      side.respond({ framing: 'chunked' });
      side.last('ab', [['content-digest', 'sha-256=:a=:']]);
    });

    expect(new Client({ filters: [sign], endpoint }).send(GET)).toMatch(
      /\r\ncontent-digest: sha-256=:b=:\r\n\r\n$/,
    );
  });

  it('may end the body before its time', () => {
    const { endpoint, sides } = far();
    const cut = inbound({
      processContentChunk: (_r, { data }) => new LastHttpContent(data, HttpHeaders.of([])),
    });
    const client = new Client({ filters: [cut], endpoint });

    client.send(CHUNKED_POST, chunk('a'), chunk('b'), '0\r\n\r\n');

    expect(sides[0]?.log).toEqual(['a|end']);
  });

  it('may make several pieces of one, which pass the filters behind one by one', () => {
    const { endpoint, sides } = far();
    const split = inbound({
      processContentChunk: (_r, { data }) => [...String(data)].map((c) => new HttpContent(Buffer.from(c))),
    });
    const client = new Client({ filters: [split, inbound(tag('1'))], endpoint });

    client.send(CHUNKED_POST, chunk('ab'), chunk('c'), '0\r\nx-sum: 3\r\n\r\n');

    expect(sides[0]?.log).toEqual(['a1', 'b1', 'c1', '|x-sum,3|end']);
  });

  it('may add to the end, and trailers', () => {
    const { endpoint, sides } = far();
    const sign = outbound({
      processContentChunk: (_r, piece) =>
        piece instanceof LastHttpContent
          ? [
              new HttpContent(piece.data),
              new LastHttpContent(Buffer.from('!'), HttpHeaders.of([['x-signed', 'yes']])),
              new HttpContent(Buffer.from('too late')),
            ]
          : piece,
    });
    const seen: string[] = [];
    const look = outbound({ processContentChunk: (_r, c) => (seen.push(String(c.data)), c) });
    const client = new Client({ filters: [sign, look], endpoint });

    client.send(GET);
    sides[0]?.respond({ contentLength: 2 });
    sides[0]?.last('ab');

    expect(client.received()).toMatch(
      /chunked\r\nDate: [^\r]+\r\n\r\n2\r\nab\r\n1\r\n!\r\n0\r\nx-signed: yes\r\n\r\n$/,
    );
    expect(seen).toEqual(['ab', '!']);
  });

  it('that only looks keeps the announced length, whatever it returns', () => {
    const seen: string[] = [];
    const { endpoint, sides } = far();
    const look = outbound(
      { processContentChunk: (_r, { data }) => void seen.push(String(data)) },
      { keepsBody: true },
    );
    const client = new Client({ filters: [look], endpoint });

    client.send(GET);
    sides[0]?.respond({ contentLength: 4, headers: HttpHeaders.of([['etag', '"1"']]) });
    sides[0]?.body('ab');
    sides[0]?.last('cd');

    expect(client.received()).toMatch(
      /^HTTP\/1.1 200 OK\r\ncontent-length: 4\r\nDate: [^\r]+\r\netag: "1"\r\n\r\nabcd$/,
    );
    expect(seen).toEqual(['ab', 'cd']);
  });

  it('gives no body to a request that has none', () => {
    const { endpoint, sides } = far();
    const add = inbound({ processContentChunk: () => [new HttpContent(Buffer.from('new'))] });
    const client = new Client({ filters: [add], endpoint });

    client.send(GET);

    expect(sides[0]?.log).toEqual(['|end']);
    expect(sides[0]?.request.outboundRequest.framing).toBe('none');
  });

  it.each([
    { how: 'HEAD', method: 'HEAD', status: 200, contentLength: 5 },
    { how: '304', method: 'GET', status: 304, contentLength: 5 },
    { how: '204', method: 'GET', status: 204, contentLength: -1 },
  ])(
    'gives no body to the response to $how, nor a length that would not hold',
    ({ method, status, contentLength }) => {
      const { endpoint, sides } = far();
      const add = outbound({ processContentChunk: () => [new HttpContent(Buffer.from('new'))] });
      const client = new Client({ filters: [add], endpoint });

      client.send(`${method} / HTTP/1.1\r\nhost: a\r\n\r\n`);
      sides[0]?.respond({ status, framing: 'none', contentLength });
      sides[0]?.last();

      expect(client.received()).toMatch(/^HTTP\/1.1 \d+ [A-Za-z ]+\r\nDate: [^\r]+\r\n\r\n$/);
      expect(client.send(GET)).toBe('');
      expect(sides).toHaveLength(2);
    },
  );

  it.each([
    { how: 'piece by piece', filter: outbound({ processContentChunk: (_r, c) => c }) },
    { how: 'as a whole', filter: outbound({ apply: (r) => r.setBody('new') }) },
  ])('leaves no digest of another body, and a weak ETag (changed $how)', ({ filter }) => {
    const { endpoint, sides } = far();
    const client = new Client({ filters: [filter], endpoint });
    const headers = HttpHeaders.of([
      ['ETag', '"1"'],
      ['Content-Digest', 'sha-256=:AA==:'],
      ['repr-digest', 'sha-256=:AA==:'],
      ['content-md5', 'AA=='],
      ['x-kept', '1'],
    ]);

    client.send(GET);
    sides[0]?.respond({ contentLength: 1, headers });
    sides[0]?.last('a');

    const received = client.received();
    expect(received).toMatch(/etag: W\/"1"\r\nx-kept: 1\r\n/i);
    expect(received).not.toMatch(/digest|md5/i);
  });

  it('leaves the ETag of a response that was made with it', () => {
    const answer = endpoint((_request, context) =>
      HttpResponseMessage.make(context, { status: 200, headers: [['etag', '"1"']], body: 'a' }),
    );

    expect(new Client({ endpoint: answer }).send(GET)).toContain('etag: "1"\r\n');
  });

  it('that fails before the response has started is answered, though the filter fails open', () => {
    const { endpoint, sides } = far();
    const faulty = inbound({ processContentChunk: raise }, { onFailure: 'open' });
    const client = new Client({ filters: [faulty], endpoint });

    expect(client.send(CHUNKED_POST, chunk('a'))).toMatch(/^HTTP\/1.1 500 [^]*connection: close/);
    expect(sides[0]?.ends).toEqual([false]);
    expect(sides[0]?.context.filterErrors).toHaveLength(1);
  });

  it('that fails after the response has started cuts it', () => {
    const { endpoint, sides } = far();
    const faulty = outbound({ processContentChunk: raise });
    const client = new Client({ filters: [faulty], endpoint });

    client.send(GET);
    sides[0]?.respond({ framing: 'chunked' });
    sides[0]?.body('a');

    expect(client.received()).toMatch(
      /^HTTP\/1.1 200 OK\r\ntransfer-encoding: chunked\r\nDate: [^\r]+\r\n\r\n$/,
    );
    expect(client.channel.isOpen).toBe(false);
    expect(sides[0]?.ends).toEqual([false]);
  });

  it('that fails on what was held is answered once', async () => {
    const first = deferred<void>();
    const filters = [inbound(wait(first)), inbound({ processContentChunk: raise }, { onFailure: 'open' })];
    const never = endpoint(() => expect.unreachable());
    const client = new Client({ filters, endpoint: never });

    client.send(post('abc'));
    first.resolve();
    await client.settle();

    expect(client.received().match(/HTTP\/1.1 500/g)).toHaveLength(1);
  });
});

function raise(): never {
  throw new Error('no');
}
