import { FilterTimeoutError, HttpResponseMessage, HttpStatusError, resolveFilters } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, SessionContext, Subscribable } from '@sluice/filters';
import { Container } from 'inversify';
import { describe, expect, it } from 'vitest';
import { CHUNKED_POST, Client, deferred, echo, far, GET, inbound, outbound, text } from './support.ts';

const mark = (name: string): Pick<InboundFilter, 'apply'> => ({
  apply: (request) => void request.headers.add('x-seen', name),
});

describe('inbound filters', () => {
  it('run in their order, then the endpoint', () => {
    const first = inbound(mark('1'));
    const third = inbound(mark('3'));
    const second = inbound(mark('2'), { before: [third] });
    const client = new Client({ filters: [first, third, second], endpoint: echo() });

    expect(client.send(GET)).toMatch(/GET x-seen=1 x-seen=2 x-seen=3 $/);
  });

  it('are asked once whether they run', () => {
    let asked = 0;
    const skipped = inbound({
      ...mark('no'),
      shouldFilter: () => ++asked > 1,
      needsBodyBuffered: () => true,
    });
    const client = new Client({ filters: [skipped, inbound(mark('yes'))], endpoint: echo() });

    expect(client.send(GET)).toMatch(/GET x-seen=yes $/);
    expect(asked).toBe(1);
  });

  it.each([
    { what: 'nothing', apply: () => {} },
    { what: 'null', apply: () => null as never },
    { what: 'a Promise of nothing', apply: async () => {} },
    { what: 'a Promise of null', apply: async () => null as never },
    { what: 'the message', apply: (request: HttpRequestMessage) => request },
    { what: 'a Promise of it', apply: async (request: HttpRequestMessage) => request },
    { what: 'an Observable of it', apply: (request: HttpRequestMessage) => observableOf(request) },
    { what: 'an Observable of nothing', apply: () => observableOf<HttpRequestMessage>() },
  ])('keep the message when they return $what', async ({ apply }) => {
    const client = new Client({ filters: [inbound({ apply }), inbound(mark('next'))], endpoint: echo() });

    expect(await client.sendAndSettle(GET)).toMatch(/GET x-seen=next $/);
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('take the first item of an Observable and leave it', async () => {
    let unsubscribed = 0;
    const endless = (request: HttpRequestMessage): Subscribable<HttpRequestMessage> => ({
      subscribe: (observer) => {
        for (let item = 0; item < 3; item++) observer.next(request);
        return { unsubscribe: () => unsubscribed++ };
      },
    });
    const client = new Client({ filters: [inbound({ apply: endless })], endpoint: echo() });

    expect(await client.sendAndSettle(GET)).toContain('200 OK');
    expect(unsubscribed).toBe(1);
  });

  it('are skipped after stopFilterProcessing, but for those that always run', () => {
    const stop = inbound({ apply: (_request, context) => void (context.stopFilterProcessing = true) });
    const always = inbound(mark('always'), { alwaysRun: true });
    const client = new Client({ filters: [stop, inbound(mark('skipped')), always], endpoint: echo() });

    expect(client.send(GET)).toMatch(/GET x-seen=always $/);
  });

  it('give way to the error endpoint when one asks for it', () => {
    const refuse = inbound({
      apply: (_request, context) => {
        context.shouldSendErrorResponse = true;
        context.error = new HttpStatusError(429, 'Slow down.');
      },
    });
    const never = inbound({ apply: () => expect.unreachable() });
    const client = new Client({ filters: [refuse, never], endpoint: echo() });

    expect(client.send(GET)).toContain('HTTP/1.1 429 Too Many Requests');
  });

  it('keep the set of filters with which the request started', async () => {
    const later = deferred<void>();
    const client = new Client({ filters: [inbound({ apply: () => later.promise })], endpoint: text('one') });

    client.send(GET);
    client.registry.replace(
      resolveFilters(new Container({ autobind: true }), [], { defaultEndpoint: text('two') }),
    );
    later.resolve();
    await client.settle();

    expect(client.received()).toMatch(/one$/);
    expect(client.send(GET)).toMatch(/two$/);
  });
});

describe('a filter that fails', () => {
  const cause = new Error('the secret of the house');
  const ways = [
    { how: 'throws', fail: { apply: () => raise(cause) } },
    { how: 'rejects', fail: { apply: () => Promise.reject(cause) } },
    { how: 'has an Observable that fails', fail: { apply: () => failingObservable(cause) } },
    { how: 'returns no message', fail: { apply: () => 'a string' as never } },
    { how: 'throws in shouldFilter', fail: { shouldFilter: () => raise(cause) } },
    { how: 'throws in needsBodyBuffered', fail: { needsBodyBuffered: () => raise(cause) } },
  ];

  it.each(ways)('and $how closes an inbound chain: one 500 without the cause', async ({ fail }) => {
    const seen: SessionContext[] = [];
    const look = outbound({ apply: (_response, context) => void seen.push(context) });
    const never = inbound({ apply: () => expect.unreachable() });
    const client = new Client({
      filters: [inbound(fail, { name: 'faulty' }), never, look],
      endpoint: echo(),
    });

    const received = await client.sendAndSettle(GET);

    expect(received.match(/HTTP\/1.1/g)).toHaveLength(1);
    expect(received).toContain('HTTP/1.1 500 Internal Server Error');
    expect(received).toContain('content-type: application/problem+json');
    expect(received).not.toContain('secret');
    expect(seen[0]?.filterErrors).toEqual([{ filter: 'faulty', kind: 'inbound', cause: seen[0]?.error }]);
    expect(await client.sendAndSettle(GET)).toContain('HTTP/1.1 500');
  });

  it.each(ways)('and $how is left out where it fails open', async ({ fail }) => {
    const open = inbound(fail, { onFailure: 'open' });
    const client = new Client({ filters: [open, inbound(mark('next'))], endpoint: echo() });

    expect(await client.sendAndSettle(GET)).toMatch(/GET x-seen=next $/);
  });

  it.each(ways)('and $how leaves an outbound response as it is', async ({ fail }) => {
    const next = outbound({ apply: (response) => void response.headers.set('x-next', 'yes') });
    const client = new Client({ filters: [outbound(fail), next], endpoint: text('fine') });

    const received = await client.sendAndSettle(GET);

    expect(received).toContain('HTTP/1.1 200 OK');
    expect(received).toContain('x-next: yes');
    expect(received).toMatch(/fine$/);
  });

  it.each(ways)('and $how replaces an outbound response where it fails closed', async ({ fail }) => {
    let runs = 0;
    const count = outbound({ apply: () => void runs++ });
    const closed = outbound(fail, { onFailure: 'closed' });
    const client = new Client({ filters: [count, closed], endpoint: text('fine') });

    const received = await client.sendAndSettle(GET);

    expect(received.match(/HTTP\/1.1/g)).toHaveLength(1);
    expect(received).toContain('HTTP/1.1 500');
    expect(runs).toBe(1);
  });

  it('with an HttpStatusError gives an answer, also where it fails open', async () => {
    const refuse = inbound(
      { apply: async () => raise(new HttpStatusError(403, 'Not you.', { headers: [['x-why', 'because']] })) },
      { onFailure: 'open' },
    );
    const client = new Client({ filters: [refuse], endpoint: echo() });

    const received = await client.sendAndSettle(GET);

    expect(received).toContain('HTTP/1.1 403 Forbidden');
    expect(received).toContain('x-why: because');
    expect(received).toContain('"detail":"Not you."');
  });
});

describe('an asynchronous filter', () => {
  it('has failed at its deadline: 500, and its signal aborts', async () => {
    const signals: AbortSignal[] = [];
    const slow = inbound(
      { apply: (_request, context) => (signals.push(context.signal), new Promise<void>(() => {})) },
      { timeoutMs: 50, name: 'slow' },
    );
    const client = new Client({ filters: [slow], endpoint: echo() });

    client.send(GET);
    client.channel.clock.advance(49);
    expect(client.received()).toBe('');
    client.channel.clock.advance(1);

    expect(client.received()).toContain('HTTP/1.1 500');
    expect(signals[0]?.reason).toBeInstanceOf(FilterTimeoutError);
    expect(signals[0]?.reason).toHaveProperty('message', 'The filter slow did not answer within 50 ms.');
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('is left out at its deadline where it fails open, and the next one has a signal of its own', async () => {
    const signals: AbortSignal[] = [];
    const late = deferred<void>();
    const slow = inbound(
      { apply: (_request, context) => (signals.push(context.signal), late.promise) },
      { timeoutMs: 50, onFailure: 'open' },
    );
    const next = inbound({ apply: (_request, context) => void signals.push(context.signal) });
    const client = new Client({ filters: [slow, next], endpoint: text('fine') });

    client.send(GET);
    client.channel.clock.advance(50);
    late.resolve();
    await client.settle();

    expect(client.received().match(/HTTP\/1.1 200/g)).toHaveLength(1);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  it('hears that the client has gone; what it answers then has no effect', async () => {
    const later = deferred<void>();
    const contexts: SessionContext[] = [];
    const slow = inbound({
      apply: (_request, context) => {
        contexts.push(context);
        expect(context.signal.aborted).toBe(false);
        return later.promise;
      },
    });
    const { endpoint, sides } = far();
    const client = new Client({ filters: [slow], endpoint });

    client.send(GET);
    client.leave();
    later.resolve();
    await client.settle();

    expect(contexts[0]?.isCancelled).toBe(true);
    expect(contexts[0]?.signal.aborted).toBe(true);
    expect(sides).toEqual([]);
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('is left alone when the request fails meanwhile', async () => {
    const later = deferred<void>();
    const signals: AbortSignal[] = [];
    const slow = inbound({ apply: (_request, context) => (signals.push(context.signal), later.promise) });
    const { endpoint, sides } = far();
    const client = new Client({ filters: [slow], endpoint });

    const received = client.send(CHUNKED_POST, 'no chunk\r\n');
    later.resolve();
    await client.settle();

    expect(received + client.received()).toMatch(/^HTTP\/1.1 400 [^]*connection: close\r\n/);
    expect(signals[0]?.aborted).toBe(true);
    expect(sides).toEqual([]);
  });

  it('may be outbound: what was streamed meanwhile follows at once', async () => {
    const later = deferred<void>();
    const { endpoint, sides } = far();
    const slow = outbound({ apply: () => later.promise });
    const client = new Client({ filters: [slow], endpoint });

    client.send(GET);
    sides[0]?.respond({ framing: 'chunked' });
    sides[0]?.body('hello');
    expect(client.received()).toBe('');
    later.resolve();
    await client.settle();

    expect(client.received()).toMatch(/\r\n\r\n5\r\nhello\r\n$/);
  });

  it('may give another response in the place of a streamed one', async () => {
    const { endpoint, sides } = far();
    const replace = outbound({
      apply: async (_response, context) => HttpResponseMessage.make(context, { status: 418, body: 'teapot' }),
    });
    const client = new Client({ filters: [replace], endpoint });

    client.send(GET);
    sides[0]?.respond({ framing: 'chunked' });
    sides[0]?.body('hello');
    await client.settle();
    sides[0]?.last('world');

    expect(client.received()).toMatch(/^HTTP\/1.1 418 [^]*content-length: 6\r\n[^]*\r\n\r\nteapot$/);
    expect(sides[0]?.ends).toEqual([true]);
  });
});

function raise(cause: unknown): never {
  throw cause;
}

function observableOf<T>(...items: readonly T[]): Subscribable<T> {
  return {
    subscribe: (observer) => {
      for (const item of items) observer.next(item);
      observer.complete();
      return { unsubscribe: () => {} };
    },
  };
}

function failingObservable(cause: unknown): Subscribable<never> {
  return {
    subscribe: (observer) => {
      observer.error(cause);
      return { unsubscribe: () => {} };
    },
  };
}
