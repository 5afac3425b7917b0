import type { ChannelHandler, ChannelHandlerContext } from '@sluice/core';

/** Sends back what it receives; closes on an error. */
export class EchoHandler implements ChannelHandler {
  channelRead(ctx: ChannelHandlerContext, bytes: Buffer): void {
    ctx.write(bytes);
  }

  channelReadComplete(ctx: ChannelHandlerContext): void {
    ctx.flush();
  }

  exceptionCaught(ctx: ChannelHandlerContext): void {
    ctx.close();
  }
}
