import { expect, it } from 'vitest';
import { handlerList } from '@sluice/core';
import type {
  ChannelDuplexHandler,
  ChannelHandlerContext,
  ChannelInboundHandler,
  ChannelOutboundHandler,
  ChannelPromise,
  Transparent,
} from '@sluice/core';

class Request {
  readonly path = '/';
}
class Response {
  readonly status = 200;
}

class Counter implements ChannelDuplexHandler {
  channelRead(ctx: ChannelHandlerContext<Transparent>, message: unknown): void {
    ctx.fireChannelRead(message);
  }

  channelActive(ctx: ChannelHandlerContext): void {
    ctx.fireChannelActive();
  }

  write(ctx: ChannelHandlerContext<never, Transparent>, message: unknown, promise?: ChannelPromise): void {
    ctx.write(message, promise);
  }
}

class Codec implements ChannelDuplexHandler<Buffer, Request, Response, Buffer> {
  channelRead(ctx: ChannelHandlerContext<Request, Buffer>, _message: Buffer): void {
    ctx.fireChannelRead(new Request());
  }

  channelInactive(ctx: ChannelHandlerContext): void {
    ctx.fireChannelInactive();
  }

  write(ctx: ChannelHandlerContext<never, Buffer>, _message: Response, promise?: ChannelPromise): void {
    ctx.write(Buffer.alloc(1), promise);
  }
}

class Application implements ChannelInboundHandler<Request, never> {
  channelRead(ctx: ChannelHandlerContext<never, Response>, _message: Request): void {
    ctx.writeAndFlush(new Response());
  }
}

class Greeter implements ChannelInboundHandler {
  channelActive(ctx: ChannelHandlerContext<Transparent, Buffer>): void {
    ctx.writeAndFlush(Buffer.from('hello'));
  }
}

class Stamp implements ChannelOutboundHandler<Response> {
  write(ctx: ChannelHandlerContext<never, Response>, message: Response, promise?: ChannelPromise): void {
    ctx.write(message, promise);
  }
}

it('takes a list whose handlers understand each other, as it is', () => {
  const list = handlerList(Counter, Greeter, Codec, Counter, Stamp, Application);

  expect(list).toEqual([Counter, Greeter, Codec, Counter, Stamp, Application]);
});

it('lets a transparent handler stand anywhere', () => {
  expect(handlerList(Counter, Codec, Counter, Application, Counter)).toHaveLength(5);
});

// The lists below are refused by `tsc -p tsconfig.test.json`, in words that test/types asks for; at run time a list is what was given.
it('refuses at compile time a handler that reads what nobody before it fires', () => {
  // @ts-expect-error the transport fires Buffer
  expect(handlerList(Application)).toHaveLength(1);
  // @ts-expect-error Application must come after Codec
  expect(handlerList(Counter, Application, Codec)).toHaveLength(3);
});

it('refuses at compile time a decoder behind the one that has decoded the bytes already', () => {
  // @ts-expect-error the codec before it fires requests
  expect(handlerList(Codec, Codec)).toHaveLength(2);
});

it('refuses at compile time a handler that writes what nobody before it takes', () => {
  // @ts-expect-error Stamp must come after Codec
  expect(handlerList(Stamp, Codec, Application)).toHaveLength(3);
  // @ts-expect-error the codec before it takes responses
  expect(handlerList(Codec, Greeter, Application)).toHaveLength(3);
});

it('refuses at compile time what is not a handler', () => {
  // @ts-expect-error a Request has no method of a handler
  expect(handlerList(Request)).toHaveLength(1);
});
