import { HttpResponseMessage, HttpStatusError, isStreaming } from '@sluice/filters';
import type { HttpRequestMessage, SessionContext } from '@sluice/filters';
import { describe, expect, it } from 'vitest';
import {
  CHUNKED_POST,
  Client,
  deferred,
  endpoint,
  far,
  GET,
  inbound,
  outbound,
  post,
  text,
} from './support.ts';

describe('the endpoint', () => {
  it('is the one that a filter chose, else the default', () => {
    const chosen = text('chosen');
    const choose = inbound({
      shouldFilter: ({ path }) => path === '/chosen',
      apply: (_request, context) => void (context.endpoint = chosen),
    });
    const client = new Client({ filters: [choose, chosen], endpoint: text('default') });

    expect(client.send('GET /chosen HTTP/1.1\r\nhost: a\r\n\r\n')).toMatch(/chosen$/);
    expect(client.send(GET)).toMatch(/default$/);
  });

  it('is a 404 where there is none', () => {
    const client = new Client({});

    const received = client.send(GET);

    expect(received).toContain('HTTP/1.1 404 Not Found');
    expect(received).toContain('proxy-status: sluice; error=destination_not_found');
    expect(client.send(GET)).toContain('404');
  });

  it('is a 500 where it is not among the filters', () => {
    const choose = inbound({ apply: (_request, context) => void (context.endpoint = text('unknown')) });

    expect(new Client({ filters: [choose] }).send(GET)).toContain('HTTP/1.1 500');
  });

  it('may answer later', async () => {
    const later = endpoint(async (_request, context) => HttpResponseMessage.make(context, { status: 202 }));

    expect(await new Client({ endpoint: later }).sendAndSettle(GET)).toContain('HTTP/1.1 202 Accepted');
  });

  it('has failed at its deadline, and what it answers then has no effect', async () => {
    const answer = deferred<HttpResponseMessage>();
    const contexts: SessionContext[] = [];
    const slow = endpoint((_request, context) => (contexts.push(context), answer.promise), { timeoutMs: 50 });
    const client = new Client({ endpoint: slow });

    client.send(GET);
    client.channel.clock.advance(50);
    const [context] = contexts;
    if (context) answer.resolve(HttpResponseMessage.make(context, { status: 200 }));
    await client.settle();

    expect(client.received()).toMatch(/^HTTP\/1.1 500 [^]*\}\n$/);
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('leaves no timer behind when the client goes', () => {
    const client = new Client({ endpoint: endpoint(() => new Promise(() => {})) });

    client.send(GET);
    expect(client.channel.clock.pendingTimers).toBe(1);
    client.leave();

    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it.each([
    { what: 'throws', apply: () => raise(new Error('no')), status: 500 },
    { what: 'rejects', apply: async () => raise(new Error('no')), status: 500 },
    { what: 'returns nothing', apply: () => {}, status: 500 },
    { what: 'returns nothing later', apply: async () => {}, status: 500 },
    { what: 'throws an HttpStatusError', apply: () => raise(new HttpStatusError(451, 'No.')), status: 451 },
  ])('is answered with $status when it $what', async ({ apply, status }) => {
    const client = new Client({ endpoint: endpoint(apply) });

    const received = await client.sendAndSettle(GET);

    expect(received).toContain(`HTTP/1.1 ${status} `);
    expect(received.match(/HTTP\/1.1/g)).toHaveLength(1);
  });

  it('is streaming when it has open', () => {
    expect(isStreaming({ open: () => raise(new Error('no')) })).toBe(true);
    expect(isStreaming({ apply: () => {} })).toBe(false);
  });
});

describe('a static response', () => {
  const answer = inbound({
    apply: (_request, context) => {
      context.staticResponse = HttpResponseMessage.make(context, { status: 200, body: 'static' });
    },
  });

  it('takes the place of any endpoint, through the outbound filters', () => {
    const mark = outbound({ apply: (response) => void response.headers.set('x-mark', '1') });
    const client = new Client({ filters: [answer, mark], endpoint: endpoint(() => expect.unreachable()) });

    expect(client.send(GET)).toMatch(/x-mark: 1\r\n[^]*static$/);
  });

  it('does not stop the other inbound filters', () => {
    let runs = 0;
    const client = new Client({ filters: [answer, inbound({ apply: () => void runs++ })] });

    client.send(GET);

    expect(runs).toBe(1);
  });

  it('is the last of a connection whose client still sends a large body', () => {
    const client = new Client({ filters: [answer] });

    const received = client.send(post('a', 65_537));
    expect(received).toMatch(/connection: close\r\n[^]*static$/);
    expect(client.send('bcdefghij', GET)).toBe('');

    client.channel.clock.advance(5_000);
    expect(client.channel.isOpen).toBe(false);
    expect(client.channel.clock.pendingTimers).toBe(0);
  });
});

describe('the error endpoint', () => {
  const fails = endpoint(() => raise(new HttpStatusError(503, 'Busy.')));

  it('may be one of your own, and hears of the error', () => {
    const own = endpoint((_request, context) => {
      const status = context.error instanceof HttpStatusError ? context.error.status : 500;
      return HttpResponseMessage.make(context, { status, body: 'own page' });
    });
    const mark = outbound({ apply: (response) => void response.headers.set('x-mark', '1') });
    const client = new Client({ endpoint: fails, errorEndpoint: own, filters: [mark] });

    expect(client.send(GET)).toMatch(/^HTTP\/1.1 503 [^]*x-mark: 1\r\n[^]*own page$/);
  });

  it('may be asynchronous, and a second error meanwhile does not start it again', async () => {
    const page = deferred<void>();
    let runs = 0;
    const own = endpoint(async (_request, context) => {
      runs++;
      await page.promise;
      return HttpResponseMessage.make(context, { status: 503, body: 'own page' });
    });
    const client = new Client({ endpoint: fails, errorEndpoint: own });

    client.send(CHUNKED_POST, 'no chunk\r\n');
    page.resolve();
    await client.settle();

    expect(client.received()).toMatch(/^HTTP\/1.1 503 [^]*connection: close[^]*own page$/);
    expect(runs).toBe(1);
  });

  it.each([
    { what: 'throws', apply: () => raise(new Error('no')) },
    { what: 'rejects', apply: async () => raise(new Error('no')) },
    { what: 'returns nothing', apply: () => {} },
    { what: 'never answers', apply: () => new Promise<void>(() => {}) },
  ])('that $what is answered for plainly, once', async ({ apply }) => {
    const client = new Client({ endpoint: fails, errorEndpoint: endpoint(apply, { timeoutMs: 50 }) });

    const received = await client.sendAndSettle(GET);
    client.channel.clock.advance(50);

    expect(received + client.received()).toMatch(/^HTTP\/1.1 500 [^]*\}\n$/);
    expect(client.channel.isOpen).toBe(true);
  });

  it('may be streaming; when it fails in turn, the answer is plain', () => {
    const { endpoint: own, sides } = far();
    const client = new Client({ endpoint: fails, errorEndpoint: own });

    client.send(GET);
    sides[0]?.downstream.fail(new HttpStatusError(502, 'Page server down.'));

    expect(client.received()).toMatch(/^HTTP\/1.1 502 [^]*\}\n$/);
    expect(sides[0]?.ends).toEqual([false]);
  });

  it('is not disturbed by what the endpoint before it still says', () => {
    const before = far();
    const { endpoint: own, sides } = far();
    const client = new Client({ endpoint: before.endpoint, errorEndpoint: own });

    client.send(GET);
    before.sides[0]?.downstream.fail(new Error('gone'));
    before.sides[0]?.respond();
    sides[0]?.respond({ status: 500, contentLength: 4 });
    before.sides[0]?.body('late');
    before.sides[0]?.downstream.fail(new Error('late'));
    sides[0]?.last('page');

    expect(client.received()).toMatch(/^HTTP\/1.1 500 [^]*page$/);
    expect([before.sides[0]?.ends, sides[0]?.ends]).toEqual([[false], [true]]);
  });

  it('is not disturbed by a filter that was under way', async () => {
    const filter = deferred<void>();
    const before = far();
    const { endpoint: own, sides } = far();
    const slow = inbound({ apply: () => filter.promise });
    const client = new Client({ filters: [slow], endpoint: before.endpoint, errorEndpoint: own });

    client.send(CHUNKED_POST, 'no chunk\r\n');
    filter.resolve();
    await client.settle();
    sides[0]?.respond({ status: 400, contentLength: 4 });
    sides[0]?.last('page');

    expect(client.received()).toMatch(/^HTTP\/1.1 400 [^]*page$/);
    expect(before.sides).toEqual([]);
  });

  it('must be an endpoint', () => {
    expect(() => new Client({ errorEndpoint: inbound({}) as never })).toThrow('is not an endpoint.');
  });
});

describe('what is told to an origin', () => {
  it('is the request as the filters left it', () => {
    const rewrite = inbound({
      apply: (request: HttpRequestMessage) => {
        request.method = 'PUT';
        request.path = '/new';
        request.authority = 'b:81';
        request.headers.set('x-a', '1');
      },
    });
    const { endpoint: proxy, sides } = far();
    const client = new Client({ filters: [rewrite], endpoint: proxy });

    client.send('GET /old?q=1 HTTP/1.1\r\nhost: a\r\n\r\n');

    expect(sides[0]?.request).toMatchObject({ method: 'PUT', target: '/new?q=1', query: 'q=1', host: 'b' });
    expect(sides[0]?.request.inboundRequest).toMatchObject({ method: 'GET', target: '/old?q=1', host: 'a' });
  });
});

function raise(cause: unknown): never {
  throw cause;
}
