import type { ChannelDuplexHandler, ChannelHandlerContext, ChannelPromise, Transparent } from '@sluice/core';
import { IdleStateEvent } from '@sluice/handler-idle-state';
import { Handler } from '@sluice/inject';
import { currentPassport } from '@sluice/passport';

type Context = ChannelHandlerContext<Transparent, Transparent>;

/**
 * Records the life of a connection to an origin: ORIGIN_CH_ACTIVE, _INACTIVE, _EXCEPTION, _IDLE_TIMEOUT,
 * _CLOSE and _DISCONNECT.
 *
 * They go to the passport on the origin's channel. Whoever takes the connection for a request puts
 * the passport of that request there; while nobody has it, the channel has a passport of its own.
 */
@Handler({ name: 'passport-state-origin', sharable: true })
export class PassportStateOriginHandler implements ChannelDuplexHandler {
  readonly sharable = true;

  channelActive(ctx: Context): void {
    currentPassport(ctx.channel).add('ORIGIN_CH_ACTIVE');
    ctx.fireChannelActive();
  }

  channelInactive(ctx: Context): void {
    currentPassport(ctx.channel).add('ORIGIN_CH_INACTIVE');
    ctx.fireChannelInactive();
  }

  userEventTriggered(ctx: Context, event: object): void {
    if (event instanceof IdleStateEvent) currentPassport(ctx.channel).add('ORIGIN_CH_IDLE_TIMEOUT');
    ctx.fireUserEventTriggered(event);
  }

  exceptionCaught(ctx: Context, cause: unknown): void {
    currentPassport(ctx.channel).add('ORIGIN_CH_EXCEPTION');
    ctx.fireExceptionCaught(cause);
  }

  disconnect(ctx: Context, promise: ChannelPromise): void {
    currentPassport(ctx.channel).add('ORIGIN_CH_DISCONNECT');
    ctx.disconnect(promise);
  }

  close(ctx: Context, promise: ChannelPromise): void {
    currentPassport(ctx.channel).add('ORIGIN_CH_CLOSE');
    ctx.close(promise);
  }
}
