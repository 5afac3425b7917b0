import {
  ChannelInitializer,
  CLOSE,
  handlerList,
  NodeEventLoop,
  ServerBootstrap,
  ServerSocketChannel,
  SystemClock,
} from '@sluice/core';
import type { ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';
import { LineCodec, LineTooLongError } from './line-codec.ts';

type Context = ChannelHandlerContext<never, string>;

/** Answers the commands of all its clients from one store: `SET key value`, `GET key`, `DEL key`, `QUIT`. */
export class KeyValueHandler implements ChannelInboundHandler<string, never> {
  readonly sharable = true;
  readonly #values = new Map<string, string>();

  channelRead(ctx: Context, line: string): void {
    const [, command = '', key = '', value = ''] = /^(\S+)(?: (\S+))?(?: (.*))?$/.exec(line) ?? [];
    if (command === 'QUIT') sayLast(ctx, 'OK bye');
    else ctx.write(this.#answer(command, key, value));
  }

  /** Once for all commands that came together. */
  channelReadComplete(ctx: Context): void {
    ctx.flush();
  }

  exceptionCaught(ctx: Context, cause: unknown): void {
    if (cause instanceof LineTooLongError) sayLast(ctx, 'ERROR line too long');
    else ctx.close();
  }

  #answer(command: string, key: string, value: string): string {
    if (key === '') return 'ERROR expected SET key value, GET key, DEL key or QUIT';
    if (command === 'DEL') return this.#values.delete(key) ? 'OK' : 'NONE';
    if (command === 'GET') return this.#values.has(key) ? `VALUE ${this.#values.get(key)}` : 'NONE';
    if (command !== 'SET') return `ERROR unknown command ${command}`;
    this.#values.set(key, value);
    return 'OK';
  }
}

function sayLast(ctx: Context, line: string): void {
  ctx.writeAndFlush(line, ctx.newPromise().addListener(CLOSE));
}

/** In the order of the wire. In another one this does not compile. */
const handlers = handlerList(LineCodec, KeyValueHandler);

/** A server without an address; `bind` gives it one. */
export function keyValueServer(): ServerBootstrap {
  const [Codec, Handler] = handlers;
  const store = new Handler();
  return new ServerBootstrap()
    .group(new NodeEventLoop(new SystemClock()))
    .channelFactory(() => new ServerSocketChannel())
    .childHandler(
      new ChannelInitializer(({ pipeline }) => void pipeline.addHandlersLast(new Codec(), store)),
    );
}
