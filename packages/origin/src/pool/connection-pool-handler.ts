import { ChannelInputShutdownEvent, CLOSE } from '@sluice/core';
import type { Channel, ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';
import { Handler } from '@sluice/inject';
import { OriginResponseReceiver } from './origin-response-receiver.ts';
import type { PooledConnection } from './pooled-connection.ts';

/**
 * The end of an origin connection's pipeline: takes the connection out of its pool when it fails or ends.
 *
 * The server's end is told to the exchange under way at once, also while bytes of the request wait for it.
 */
@Handler({ name: 'connection-pool', requires: [OriginResponseReceiver] })
export class ConnectionPoolHandler implements ChannelInboundHandler<unknown, never> {
  #connection: PooledConnection | undefined = undefined;

  /** The pool calls this once the connection is made. */
  manage(connection: PooledConnection): void {
    this.#connection = connection;
    connection.channel.config.allowHalfClosure = true;
  }

  userEventTriggered(ctx: ChannelHandlerContext<never>, event: object): void {
    if (event instanceof ChannelInputShutdownEvent) closeWhenSent(ctx.channel);
    ctx.fireUserEventTriggered(event);
  }

  channelInactive(): void {
    this.#connection?.closed();
  }

  exceptionCaught(ctx: ChannelHandlerContext<never>, cause: unknown): void {
    ctx.channel.logger.debug(
      { err: cause, channel: ctx.channel.toString() },
      'A connection to an origin failed.',
    );
    this.#connection?.failed();
    ctx.channel.close();
  }
}

// An exchange has heard of it before and has closed the channel; a tunnel has not, and what waits for the server still goes.
function closeWhenSent(channel: Channel): void {
  if (channel.pendingOutboundBytes === 0) channel.close();
  else channel.shutdownOutput().addListener(CLOSE);
}
