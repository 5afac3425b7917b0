import {
  ChannelInitializer,
  NodeEventLoop,
  ServerBootstrap,
  ServerSocketChannel,
  SystemClock,
} from '@sluice/core';
import type { ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';

export class EchoHandler implements ChannelInboundHandler<Buffer, never> {
  channelRead(ctx: ChannelHandlerContext<never, Buffer>, bytes: Buffer): void {
    ctx.write(bytes);
  }

  channelReadComplete(ctx: ChannelHandlerContext): void {
    ctx.flush();
  }
}

export const echoServer = new ServerBootstrap()
  .group(new NodeEventLoop(new SystemClock()))
  .channelFactory(() => new ServerSocketChannel())
  .childHandler(new ChannelInitializer(({ pipeline }) => void pipeline.addHandlersLast(new EchoHandler())));
