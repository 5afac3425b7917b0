import { HttpRequest, HttpResponse, LastHttpContent } from '@sluice/codec-http';
import { ClosedChannelError } from '@sluice/core';
import type { ChannelHandler, ChannelHandlerContext, ChannelPromise } from '@sluice/core';
import { StatusCategory } from '@sluice/filters';
import type { SessionContext } from '@sluice/filters';
import { RequestRejectedEvent } from '@sluice/handler-http';
import { describe, expect, it } from 'vitest';
import { chunk, CHUNKED_POST, Client, far, GET, inbound, outbound, post, text } from './support.ts';

/** Throws when the test says so. */
class Faulty implements ChannelHandler {
  channelReadComplete(): void {
    throw new Error('a handler failed');
  }
}

/** Answers by itself when the test says so. */
class Refusing implements ChannelHandler {
  #ctx: ChannelHandlerContext | undefined = undefined;

  handlerAdded(ctx: ChannelHandlerContext): void {
    this.#ctx = ctx;
  }

  refuse(): void {
    this.#ctx?.write(new HttpResponse({ status: 408, contentLength: 0, keepAlive: false }));
    this.#ctx?.writeAndFlush(new LastHttpContent());
  }
}

/** Keeps the end of a response back, as a slow client does. */
class Slow implements ChannelHandler {
  #release = (): void => {};

  write(ctx: ChannelHandlerContext, message: unknown, promise: ChannelPromise | undefined): void {
    if (message instanceof LastHttpContent) this.#release = () => ctx.writeAndFlush(message, promise);
    else ctx.write(message, promise);
  }

  release(): void {
    this.#release();
  }
}

describe('the connection', () => {
  it.each([
    { what: 'keeps', request: GET, isOpen: true, field: '' },
    {
      what: 'closes',
      request: 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
      isOpen: false,
      field: 'connection: close',
    },
    {
      what: 'closes (1.0)',
      request: 'GET / HTTP/1.0\r\nhost: a\r\n\r\n',
      isOpen: false,
      field: 'connection: close',
    },
    {
      what: 'keeps (1.0)',
      request: 'GET / HTTP/1.0\r\nhost: a\r\nconnection: keep-alive\r\n\r\n',
      isOpen: true,
      field: 'connection: keep-alive',
    },
  ])('$what as the request asks', ({ request, isOpen, field }) => {
    const client = new Client({ endpoint: text('fine') });

    const received = client.send(request);

    expect(received).toContain(field);
    expect(received).toMatch(/fine$/);
    client.channel.clock.advance(5_000);
    expect(client.channel.isOpen).toBe(isOpen);
  });

  it('streams to a client that knows no chunks up to its end', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send('GET / HTTP/1.0\r\nhost: a\r\n\r\n');
    sides[0]?.respond({ framing: 'chunked' });
    sides[0]?.body('abc');
    sides[0]?.last('def');

    expect(client.received()).toMatch(
      /^HTTP\/1.1 200 OK\r\nconnection: close\r\nDate: [^\r]+\r\n\r\nabcdef$/,
    );
    client.channel.clock.advance(5_000);
    expect(client.channel.isOpen).toBe(false);
  });

  it('ends after a response that says so, and lets a client that is sending read it', () => {
    const last = outbound({ apply: (response) => void (response.keepAlive = false) });
    const client = new Client({ filters: [last], endpoint: text('fine') });

    expect(client.send(GET + GET)).toMatch(/connection: close\r\n[^]*\r\n\r\nfine$/);
    expect(client.channel.isOpen).toBe(true);
    client.channel.clock.advance(5_000);

    expect(client.channel.isOpen).toBe(false);
    expect(client.received()).toBe('');
  });
});

describe('a request that can not be read', () => {
  it.each([
    { what: 'a bad head', request: 'GET / HTTP/1.1\r\nhost: a\r\nbad name: x\r\n\r\n', status: 400 },
    {
      what: 'two lengths',
      request: 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
      status: 400,
    },
    { what: 'a bad version', request: 'GET / HTTP/3.0\r\nhost: a\r\n\r\n', status: 505 },
  ])('is answered once with $status and closed: $what', ({ request, status }) => {
    const never = inbound({ apply: () => expect.unreachable() });
    const mark = outbound({ apply: (response) => void response.headers.set('x-mark', '1') });
    const client = new Client({ filters: [never, mark], endpoint: text('never') });

    const received = client.send(request, GET);

    expect(received.match(/HTTP\/1.1 \d/g)).toHaveLength(1);
    expect(received).toContain(`HTTP/1.1 ${status} `);
    expect(received).toContain('x-mark: 1');
    expect(received).toContain('connection: close');
    client.channel.clock.advance(5_000);
    expect(client.channel.isOpen).toBe(false);
  });

  it('in the middle of its body is answered when no response has started', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    const received = client.send(CHUNKED_POST, chunk('a'), 'zz\r\n');

    expect(received).toMatch(/^HTTP\/1.1 400 [^]*connection: close\r\n[^]*\}\n$/);
    expect(sides[0]?.log).toEqual(['a']);
    expect(sides[0]?.ends).toEqual([false]);
    expect(sides[0]?.context.statusCategory).toBe(StatusCategory.FAILURE_CLIENT_BAD_REQUEST);
  });

  it('in the middle of its body cuts a response that has started', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(CHUNKED_POST, chunk('a'));
    sides[0]?.respond();
    sides[0]?.body('half');
    client.send('zz\r\n');

    expect(client.received().match(/HTTP\/1.1/g) ?? []).toHaveLength(0);
    expect(client.channel.isOpen).toBe(false);
    expect(sides[0]?.ends).toEqual([false]);
  });

  it('in the middle of its body does no harm to a response that is made, but not sent', () => {
    const slow = new Slow();
    const { endpoint, sides } = far();
    const client = new Client({ endpoint, handlers: [slow] });

    client.send(CHUNKED_POST, chunk('a'));
    sides[0]?.respond({ contentLength: 2 });
    sides[0]?.last('ok');
    const received = client.send('zz\r\n');
    slow.release();

    expect(received + client.received()).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*ok$/);
    expect(sides[0]?.ends).toEqual([true]);
  });

  it('in the middle of its body does no harm to a response that is complete', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(CHUNKED_POST, chunk('a'));
    sides[0]?.respond({ contentLength: 0 });
    sides[0]?.last();
    client.send('zz\r\n');

    expect(client.received()).toBe('');
    expect(sides[0]?.ends).toEqual([true]);
  });
});

describe('a client that goes', () => {
  it.each(['before', 'after'])('cancels what is under way, once, %s the response has started', (when) => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(post('a', 10));
    if (when === 'after') sides[0]?.respond();
    client.leave();
    sides[0]?.respond();
    sides[0]?.last();

    expect(sides[0]?.ends).toEqual([false]);
    expect(sides[0]?.context.isCancelled).toBe(true);
    expect(sides[0]?.context.signal.aborted).toBe(true);
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('is told from a response that could not be written', () => {
    const slow = new Slow();
    const { endpoint, sides } = far();
    const client = new Client({ endpoint, handlers: [slow] });

    client.send(GET);
    sides[0]?.respond({ contentLength: 0 });
    sides[0]?.last();
    client.leave();

    expect(sides[0]?.ends).toEqual([false]);
    expect(sides[0]?.context.statusCategory).toBe(StatusCategory.FAILURE_CLIENT_CANCELLED);
  });

  it.each([
    { cause: new ClosedChannelError() },
    { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' }) },
  ])('with $cause.message is not answered', ({ cause }) => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(GET);
    client.channel.pipeline.fireExceptionCaught(cause);

    expect(client.received()).toBe('');
    expect(sides[0]?.ends).toEqual([false]);
    expect(sides[0]?.context.statusCategory).toBe(StatusCategory.FAILURE_CLIENT_CANCELLED);
    expect(client.channel.isOpen).toBe(false);
  });
});

describe('an error of the connection', () => {
  it('is answered with one 500, and the connection closed', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint, handlers: [new Faulty()] });

    expect(client.send(GET)).toMatch(/^HTTP\/1.1 500 [^]*connection: close\r\n[^]*\}\n$/);
    expect(sides[0]?.ends).toEqual([false]);
    client.channel.clock.advance(5_000);
    expect(client.channel.isOpen).toBe(false);
  });

  it('cuts a response that has started', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(GET);
    sides[0]?.respond();
    sides[0]?.body('half');
    client.channel.pipeline.fireExceptionCaught(new Error('no'));

    expect(client.received().match(/HTTP\/1.1/g)).toHaveLength(1);
    expect(client.channel.isOpen).toBe(false);
  });

  it('without a request closes the connection', () => {
    const client = new Client({ endpoint: text('fine') });

    client.channel.pipeline.fireExceptionCaught(new Error('no'));

    expect(client.received()).toBe('');
    expect(client.channel.isOpen).toBe(false);
  });

  it('in an upstream of the endpoint is answered as well', () => {
    const { endpoint, sides } = far((side) => {
      side.content = () => {
        throw new Error('no');
      };
    });
    const client = new Client({ endpoint });

    expect(client.send(post('a', 10))).toContain('HTTP/1.1 500');
    expect(sides[0]?.ends).toEqual([false]);
  });
});

describe('a request that another handler answers', () => {
  it('is cancelled: the far side hears of it, and what the filters give is dropped', () => {
    const refusing = new Refusing();
    const { endpoint, sides } = far();
    const client = new Client({ endpoint, handlers: [refusing] });

    client.send(post('a', 10));
    refusing.refuse();
    sides[0]?.respond();
    sides[0]?.last();

    expect(client.received()).toMatch(/^HTTP\/1.1 408 [^]*connection: close\r\n\r\n$/);
    expect(sides[0]?.ends).toEqual([false]);
    expect(sides[0]?.context.isCancelled).toBe(true);
  });

  it.each([
    { reason: 'request_deadline', category: StatusCategory.FAILURE_CLIENT_TIMEOUT },
    { reason: 'body_too_slow', category: StatusCategory.FAILURE_CLIENT_TIMEOUT },
    { reason: 'pipelined_request', category: StatusCategory.FAILURE_CLIENT_PIPELINE_REJECT },
  ] as const)('is called $category for $reason', ({ reason, category }) => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(post('a', 10));
    const request = new HttpRequest({ method: 'POST', target: '/a', authority: 'o.test' });
    client.channel.pipeline.fireUserEventTriggered(new RequestRejectedEvent(request, 408, reason));

    expect(sides[0]?.context.statusCategory).toBe(category);
    expect(sides[0]?.ends).toEqual([false]);
  });
});

describe('the context', () => {
  it('names the endpoint that answered', () => {
    const contexts: SessionContext[] = [];
    const look = outbound({ apply: (_response, context) => void contexts.push(context) });
    const client = new Client({ filters: [look] });

    client.send(GET);

    expect(contexts[0]).toMatchObject({ answeredBy: 'error', startedAt: 0, channel: client.channel });
    expect(contexts[0]?.statusCategory).toBe(StatusCategory.SUCCESS_LOCAL_NO_ROUTE);
    expect(contexts[0]?.statusCategoryReason).toBe('destination_not_found');
  });
});
