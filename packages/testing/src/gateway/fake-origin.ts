import { HttpContent, HttpRequest, HttpServerCodec, LastHttpContent } from '@sluice/codec-http';
import type { ChannelHandler, ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';
import { responseObjects } from '../http/message-init.ts';
import type { ResponseInit } from '../http/message-init.ts';
import { ReceivedRequest } from '../http/received-message.ts';
import type { TestOrigin } from './test-origin.ts';

/** What an origin answers; undefined: never. */
export type OriginAnswer = ResponseInit | undefined;

/** Answers a request when all of it has come. */
export type OriginListener = (request: ReceivedRequest) => OriginAnswer | Promise<OriginAnswer>;

/** An origin that speaks HTTP and keeps what it was asked. */
export class FakeOrigin implements TestOrigin {
  readonly isListening = true;
  /** In the order of their heads, also those whose end never came. */
  readonly requests: ReceivedRequest[] = [];
  readonly #listener: OriginListener;
  #connections = 0;

  constructor(listener: OriginListener) {
    this.#listener = listener;
  }

  /** How many connections were made to it. */
  get connections(): number {
    return this.#connections;
  }

  newHandlers(): readonly ChannelHandler[] {
    this.#connections++;
    const onRequest = (request: ReceivedRequest): void => void this.requests.push(request);
    return [new HttpServerCodec(), new OriginHandler(onRequest, this.#listener)];
  }
}

/** An origin for `testGateway`. The default answers each request with an empty 200. */
export function fakeOrigin(listener: OriginListener | ResponseInit = {}): FakeOrigin {
  return new FakeOrigin(typeof listener === 'function' ? listener : () => listener);
}

class OriginHandler implements ChannelInboundHandler<unknown, never> {
  readonly #onRequest: (request: ReceivedRequest) => void;
  readonly #listener: OriginListener;
  #request: ReceivedRequest | undefined = undefined;

  constructor(onRequest: (request: ReceivedRequest) => void, listener: OriginListener) {
    this.#onRequest = onRequest;
    this.#listener = listener;
  }

  /** A gateway that ends its side of a connection needs it no more. */
  handlerAdded({ channel }: ChannelHandlerContext<never>): void {
    channel.config.allowHalfClosure = false;
  }

  channelRead(ctx: ChannelHandlerContext<never>, message: unknown): void {
    if (message instanceof HttpRequest) this.#begin(message);
    else if (message instanceof HttpContent) this.#request?.add(message);
    if (message instanceof LastHttpContent && this.#request?.isComplete) this.#answer(ctx, this.#request);
  }

  exceptionCaught(ctx: ChannelHandlerContext<never>): void {
    ctx.close();
  }

  #begin(request: HttpRequest): void {
    this.#request = new ReceivedRequest(request);
    this.#onRequest(this.#request);
  }

  #answer(ctx: ChannelHandlerContext<never>, request: ReceivedRequest): void {
    const answer = this.#listener(request);
    if (answer instanceof Promise) {
      answer.then(
        (later) => this.#write(ctx, later),
        (cause: unknown) => ctx.fireExceptionCaught(cause),
      );
    } else this.#write(ctx, answer);
  }

  #write({ channel }: ChannelHandlerContext<never>, answer: OriginAnswer): void {
    if (answer === undefined || !channel.isActive) return;
    const [head, end] = responseObjects(answer);
    channel.write(head);
    channel.writeAndFlush(end);
  }
}
