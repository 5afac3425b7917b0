import { HttpRequest, HttpResponse, HttpServerCodec, LastHttpContent } from '@sluice/codec-http';
import { ChannelInputShutdownEvent, EmbeddedChannel } from '@sluice/core';
import type { Channel, ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { bytes } from './support.ts';

const END = 'end';

describe('the end of a client’s sending', () => {
  it.each([
    ['behind a request', [], ['/1', END]],
    ['behind an empty line', ['\r\n'], ['/1', 'response', END]],
    ['within the next request', ['GET /2 HT'], ['/1', 'response', END]],
    ['behind a further request', [get('/2')], ['/1', 'response', '/2', 'response', END]],
    [
      'behind two, in pieces',
      [get('/2'), 'GET', get('/3').slice(3)],
      ['/1', 'response', '/2', 'response', '/3', 'response', END],
    ],
  ])('is passed on when what came before it is over: %s', (_, ahead, expected) => {
    const { channel, log, respond } = open();
    for (const piece of [get('/1'), ...ahead]) channel.writeInbound(bytes(piece));
    channel.endInput();
    for (const entry of expected) if (entry === 'response') respond();

    expect(log).toEqual(expected);
  });

  it('lets requests that were sent ahead be answered from within their read', () => {
    const { channel, log } = open(({ channel: own }, { target }) => {
      if (target !== '/1') answer(own);
    });
    channel.writeInbound(bytes(`${get('/1')}${get('/2')}${get('/3')}`));
    channel.endInput();
    answer(channel);
    channel.runPendingTasks();

    expect(log).toEqual(['/1', '/2', '/3', END]);
    expect(channel.outboundMessages()).toHaveLength(3);
  });
});

function open(onRequest: (ctx: ChannelHandlerContext, request: HttpRequest) => void = () => {}) {
  const log: string[] = [];
  const channel = new EmbeddedChannel(new HttpServerCodec(), new Log(log, onRequest));
  channel.config.allowHalfClosure = true;
  const respond = (): void => {
    log.push('response');
    answer(channel);
    channel.runPendingTasks();
  };
  return { channel, log, respond };
}

/** Notes requests and the end of input as they come. */
class Log implements ChannelInboundHandler {
  readonly #log: string[];
  readonly #onRequest: (ctx: ChannelHandlerContext, request: HttpRequest) => void;

  constructor(log: string[], onRequest: (ctx: ChannelHandlerContext, request: HttpRequest) => void) {
    this.#log = log;
    this.#onRequest = onRequest;
  }

  channelRead(ctx: ChannelHandlerContext, message: unknown): void {
    if (!(message instanceof HttpRequest)) return;
    this.#log.push(message.target);
    this.#onRequest(ctx, message);
  }

  userEventTriggered(_ctx: ChannelHandlerContext, event: object): void {
    if (event instanceof ChannelInputShutdownEvent) this.#log.push(END);
  }
}

function answer(channel: Channel): void {
  channel.write(new HttpResponse({ status: 200, contentLength: 0 }));
  channel.write(LastHttpContent.EMPTY);
  channel.flush();
}

function get(target: string): string {
  return `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`;
}
