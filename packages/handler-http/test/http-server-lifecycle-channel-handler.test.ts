import { HttpContent, HttpResponse, HttpServerCodec, LastHttpContent } from '@sluice/codec-http';
import type { HttpObject } from '@sluice/codec-http';
import { CLOSE, EmbeddedChannel } from '@sluice/core';
import type { ChannelHandler, ChannelHandlerContext } from '@sluice/core';
import {
  CompleteEvent,
  HttpServerLifecycleChannelHandler,
  RejectedPipeliningEvent,
} from '@sluice/handler-http';
import { describe, expect, it } from 'vitest';
import {
  answer,
  Answering,
  Events,
  GET,
  POST_HEAD,
  request,
  response,
  sent,
  serverChannel,
  SlowChannel,
  statuses,
} from './support.ts';

describe('HttpServerLifecycleChannelHandler', () => {
  it('fires a start with the head and one end when the response was sent, from the head of the pipeline', () => {
    const before = new Events();
    const channel = new EmbeddedChannel(
      before,
      new HttpServerCodec(),
      new HttpServerLifecycleChannelHandler(),
    );
    channel.writeInbound(GET);
    expect(before.lifecycle).toBe('start /a');
    answer(channel);

    expect(before.lifecycle).toBe('start /a, SESSION_COMPLETE /a');
  });

  it('tells request, response and whether the request was complete', () => {
    const { channel, events } = open();
    channel.writeInbound(POST_HEAD);
    answer(channel, { status: 413 });

    const [complete] = events.of(CompleteEvent);
    expect(complete).toMatchObject({ reason: 'SESSION_COMPLETE', isRequestComplete: false });
    expect(complete?.request.target).toBe('/p');
    expect(complete?.response?.status).toBe(413);
  });

  it.each([
    ['CLOSE', (channel: EmbeddedChannel) => channel.close()],
    ['INACTIVE', (channel: EmbeddedChannel) => channel.endInput()],
    ['DISCONNECT', (channel: EmbeddedChannel) => channel.disconnect()],
  ] as const)('ends an open exchange with %s, once', (reason, act) => {
    const events = new Events();
    const handlers = [new HttpServerCodec(), new HttpServerLifecycleChannelHandler(), events];
    const channel = new EmbeddedChannel({ handlers, hasDisconnect: true });
    channel.writeInbound(GET);
    act(channel);
    channel.close();

    expect(events.lifecycle).toBe(`start /a, ${reason} /a`);
    expect(events.of(CompleteEvent)[0]?.response).toBeUndefined();
  });

  it('ends with EXCEPTION and the connection when the response can not be sent', () => {
    const events = new Events();
    const failing: ChannelHandler = {
      write: () => {
        throw new Error('no');
      },
    };
    const channel = new EmbeddedChannel(
      new HttpServerCodec(),
      failing,
      new HttpServerLifecycleChannelHandler(),
      events,
    );
    channel.writeInbound(GET);
    channel.write(response());
    expect(() => channel.checkException()).toThrow('no');
    channel.writeAndFlush(LastHttpContent.EMPTY);

    expect(() => channel.checkException()).toThrow('no');
    expect(events.lifecycle).toBe('start /a, EXCEPTION /a');
    expect(channel.isActive).toBe(false);
  });

  it.each<[string, HttpObject[], string]>([
    ['before a response', [], 'closed'],
    ['within one', [response()], 'reset'],
    ['behind one that has not left', [response(), LastHttpContent.EMPTY], 'reset'],
    ['within a tunnel', [response({ status: 101, framing: 'none', upgrade: 'chat' })], 'closed'],
  ])(
    '%s is closed so that nobody takes the end of the connection for that of a body',
    (_when, written, expected) => {
      const events = new Events();
      const channel = new SlowChannel(new HttpServerCodec(), new HttpServerLifecycleChannelHandler(), events);
      channel.isBlocked = true;
      channel.writeInbound(
        Buffer.from('GET /a HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: chat\r\n\r\n'),
      );
      for (const message of written) channel.writeAndFlush(message);
      channel.close();

      expect(events.lifecycle).toBe('start /a, CLOSE /a');
      expect(channel.hasReset ? 'reset' : 'closed').toBe(expected);
      expect(channel.isOpen).toBe(false);
    },
  );

  it('completes a response whose last write closes the channel', () => {
    const events = new Events();
    const channel = new SlowChannel(new HttpServerCodec(), new HttpServerLifecycleChannelHandler(), events);
    channel.writeInbound(GET);
    channel.write(response({ contentLength: 0 }));
    channel.writeAndFlush(LastHttpContent.EMPTY, channel.newPromise().addListener(CLOSE));

    expect(events.lifecycle).toBe('start /a, SESSION_COMPLETE /a');
    expect(channel).toMatchObject({ isOpen: false, hasReset: false });
  });

  it('completes a response that ends with its connection before that is closed', () => {
    const events = new Events();
    const channel = new SlowChannel(new HttpServerCodec(), new HttpServerLifecycleChannelHandler(), events);
    channel.writeInbound(Buffer.from('GET /a HTTP/1.0\r\nhost: a\r\n\r\n'));
    channel.writeAndFlush(response());
    channel.writeAndFlush(LastHttpContent.EMPTY);

    expect(events.lifecycle).toBe('start /a, SESSION_COMPLETE /a');
    expect(channel).toMatchObject({ isOpen: false, hasReset: false });
  });

  it('leaves a failed write to whoever asked for its outcome', () => {
    const failing: ChannelHandler = {
      write: () => {
        throw new Error('no');
      },
    };
    const channel = new EmbeddedChannel(failing, new HttpServerLifecycleChannelHandler());
    const outcome = channel.writeOneOutbound(LastHttpContent.EMPTY);

    expect(outcome.isSuccess).toBe(false);
    expect(() => channel.checkException()).not.toThrow();
  });

  it('waits for the bytes of the response to leave', () => {
    const events = new Events();
    const channel = new SlowChannel(new HttpServerCodec(), new HttpServerLifecycleChannelHandler(), events);
    channel.isBlocked = true;
    channel.writeInbound(GET);
    answer(channel);
    expect(events.lifecycle).toBe('start /a');
    channel.unblock();

    expect(events.lifecycle).toBe('start /a, SESSION_COMPLETE /a');
  });

  it.each([100, 103])('does not end with a %i, alone or with an end of its own', (status) => {
    const { channel, events } = open();
    channel.writeInbound(GET);
    channel.writeOutbound(response({ status, framing: 'none' }));
    channel.writeOutbound(LastHttpContent.EMPTY);
    expect(events.lifecycle).toBe('start /a');
    answer(channel);

    expect(events.lifecycle).toBe('start /a, SESSION_COMPLETE /a');
    expect(events.of(CompleteEvent)[0]?.response?.status).toBe(200);
  });

  it('ends with a 101', () => {
    const { channel, events } = open();
    channel.writeInbound(
      Buffer.from('GET /a HTTP/1.1\r\nhost: o.test\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
    );
    channel.writeOutbound(
      new HttpResponse({ status: 101, framing: 'none', upgrade: 'websocket' }),
      LastHttpContent.EMPTY,
    );

    expect(events.lifecycle).toBe('start /a, SESSION_COMPLETE /a');
  });

  it('passes on bodies and whatever else it is given', () => {
    const channel = new EmbeddedChannel(new HttpServerLifecycleChannelHandler());
    const content = new HttpContent(Buffer.from('x'));
    channel.writeInbound(content, 'other');
    channel.writeOutbound(content, 'other');

    expect(channel.inboundMessages()).toEqual([content, 'other']);
    expect(channel.outboundMessages()).toEqual([content, 'other']);
  });
});

describe('HttpServerLifecycleChannelHandler where pipelining is queued', () => {
  it('serves pipelined requests in their order, one exchange after the other', () => {
    const events = new Events();
    const answering = new Answering();
    const channel = serverChannel(new HttpServerLifecycleChannelHandler(), events, answering);
    channel.writeInbound(Buffer.concat([GET, post('/b', 'x'), GET]));

    expect(events.lifecycle).toBe(
      'start /a, SESSION_COMPLETE /a, start /b, SESSION_COMPLETE /b, start /a, SESSION_COMPLETE /a',
    );
    expect(statuses(channel)).toEqual(['200', '200', '200']);
  });

  it('holds a request, and reads no more, while the response before it is on its way', () => {
    const events = new Events();
    const answering = new Answering();
    const channel = new SlowChannel(
      new HttpServerCodec(),
      new HttpServerLifecycleChannelHandler(),
      events,
      answering,
    );
    channel.isBlocked = true;
    channel.writeInbound(Buffer.concat([GET, post('/b', 'body')]));
    expect(events.lifecycle).toBe('start /a');
    expect(channel.areReadsPaused).toBe(true);
    channel.unblock();

    expect(events.lifecycle).toBe('start /a, SESSION_COMPLETE /a, start /b, SESSION_COMPLETE /b');
    expect(answering.seen).toEqual(['/a', '/b']);
    expect(channel.areReadsPaused).toBe(false);
  });

  it('serves held requests one by one, also when a codec queues none', () => {
    const events = new Events();
    const channel = new EmbeddedChannel(new HttpServerLifecycleChannelHandler(), events);
    for (const target of ['/a', '/b', '/c']) channel.writeInbound(request({ target }), LastHttpContent.EMPTY);
    expect(channel.inboundMessages()).toHaveLength(2);
    for (let count = 0; count < 3; count++) answer(channel);

    expect(events.lifecycle).toBe(
      'start /a, SESSION_COMPLETE /a, start /b, SESSION_COMPLETE /b, start /c, SESSION_COMPLETE /c',
    );
    expect(channel.inboundMessages()).toHaveLength(6);
  });

  it('drops a held request when the connection ends', () => {
    const events = new Events();
    const channel = new SlowChannel(
      new HttpServerCodec(),
      new HttpServerLifecycleChannelHandler(),
      events,
      new Answering(),
    );
    channel.isBlocked = true;
    channel.writeInbound(Buffer.concat([GET, GET]));
    channel.close();

    expect(events.lifecycle).toBe('start /a, CLOSE /a');
    expect(channel.areReadsPaused).toBe(false);
  });
});

describe('HttpServerLifecycleChannelHandler where pipelining is rejected', () => {
  it('answers the second of two requests in a packet with 400, after the first response', () => {
    const { channel, events } = openRejecting();
    channel.writeInbound(Buffer.concat([GET, post('/b', 'body')]));
    expect(statuses(channel)).toEqual([]);
    answer(channel);

    expect(events.lifecycle).toBe(
      'start /a, SESSION_COMPLETE /a, start /b, rejected 400 pipelined_request, PIPELINE_REJECT /b',
    );
    expect(events.of(RejectedPipeliningEvent)[0]?.request.target).toBe('/b');
    const bytes = sent(channel);
    expect(bytes.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
    expect(bytes).toContain('connection: close');
  });

  it('shows the rejected request to no later handler, and closes when the client does', () => {
    const answering = new Answering();
    const channel = serverChannel(new HttpServerLifecycleChannelHandler({ pipelining: 'reject' }), answering);
    channel.config.allowHalfClosure = true;
    channel.writeInbound(Buffer.concat([GET, GET, GET]));
    expect(answering.seen).toEqual(['/a']);
    expect(statuses(channel)).toEqual(['200', '400']);
    channel.endInput();

    expect(channel.isOpen).toBe(false);
  });

  it('rejects a request whose first byte came before the end of the response', () => {
    const { channel, events } = openRejecting();
    channel.writeInbound(GET);
    channel.writeInbound(GET.subarray(0, 5));
    answer(channel);
    channel.writeInbound(GET.subarray(5));

    expect(events.lifecycle).toContain('PIPELINE_REJECT /a');
  });

  it('serves requests that wait for their turn, also in pieces', () => {
    const { channel, events } = openRejecting();
    for (let count = 0; count < 3; count++) {
      channel.writeInbound(GET.subarray(0, 9));
      channel.writeInbound(GET.subarray(9));
      answer(channel);
    }

    expect(statuses(channel)).toEqual(['200', '200', '200']);
    expect(events.lifecycle).not.toContain('PIPELINE_REJECT');
  });

  it('serves a request after an early response, once the body before it has ended', () => {
    const { channel, events } = openRejecting();
    channel.writeInbound(Buffer.from('POST /p HTTP/1.1\r\nhost: o.test\r\ncontent-length: 4\r\n\r\n'));
    answer(channel);
    channel.writeInbound(Buffer.from('body'));
    channel.writeInbound(GET);
    answer(channel);

    expect(events.lifecycle).toBe('start /p, SESSION_COMPLETE /p, start /a, SESSION_COMPLETE /a');
  });

  it('takes its detector out of the pipeline with itself', () => {
    const handler = new HttpServerLifecycleChannelHandler({ pipelining: 'reject' });
    const channel = serverChannel(handler);
    expect(channel.pipeline.names()).toContain('pipelining-detector');
    channel.pipeline.remove(handler);

    expect(channel.pipeline.names()).not.toContain('pipelining-detector');
  });
});

function open(): { channel: EmbeddedChannel; events: Events } {
  const events = new Events();
  return { channel: serverChannel(new HttpServerLifecycleChannelHandler(), events), events };
}

function openRejecting(): { channel: EmbeddedChannel; events: Events } {
  const events = new Events();
  const sink: ChannelHandler = { channelRead: (_ctx: ChannelHandlerContext) => {} };
  const handler = new HttpServerLifecycleChannelHandler({ pipelining: 'reject' });
  return { channel: serverChannel(handler, events, sink), events };
}

function post(target: string, body: string): Buffer {
  return Buffer.from(
    `POST ${target} HTTP/1.1\r\nhost: o.test\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
}
