import type { ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';
import { Handler } from '@sluice/inject';
import { OriginResponseReceiver } from './origin-response-receiver.ts';
import type { PooledConnection } from './pooled-connection.ts';

/** The end of an origin connection's pipeline: takes the connection out of its pool when it fails or ends. */
@Handler({ name: 'connection-pool', requires: [OriginResponseReceiver] })
export class ConnectionPoolHandler implements ChannelInboundHandler<unknown, never> {
  #connection: PooledConnection | undefined = undefined;

  /** The pool calls this once the connection is made. */
  manage(connection: PooledConnection): void {
    this.#connection = connection;
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
