import type { ChannelDuplexHandler, ChannelHandlerContext, ChannelPromise, Transparent } from '@sluice/core';
import { IdleStateEvent } from '@sluice/handler-idle-state';
import { Handler } from '@sluice/inject';
import { currentPassport } from '@sluice/passport';

type Context = ChannelHandlerContext<Transparent, Transparent>;

/**
 * Records the life of a client's connection in its passport: SERVER_CH_ACTIVE, _INACTIVE, _EXCEPTION,
 * _IDLE_TIMEOUT, and _CLOSE and _DISCONNECT when the gateway ends it.
 */
@Handler({ name: 'passport-state-server', sharable: true })
export class PassportStateServerHandler implements ChannelDuplexHandler {
  readonly sharable = true;

  channelActive(ctx: Context): void {
    currentPassport(ctx.channel).add('SERVER_CH_ACTIVE');
    ctx.fireChannelActive();
  }

  channelInactive(ctx: Context): void {
    currentPassport(ctx.channel).add('SERVER_CH_INACTIVE');
    ctx.fireChannelInactive();
  }

  userEventTriggered(ctx: Context, event: object): void {
    if (event instanceof IdleStateEvent) currentPassport(ctx.channel).add('SERVER_CH_IDLE_TIMEOUT');
    ctx.fireUserEventTriggered(event);
  }

  exceptionCaught(ctx: Context, cause: unknown): void {
    currentPassport(ctx.channel).add('SERVER_CH_EXCEPTION');
    ctx.fireExceptionCaught(cause);
  }

  disconnect(ctx: Context, promise: ChannelPromise): void {
    currentPassport(ctx.channel).add('SERVER_CH_DISCONNECT');
    ctx.disconnect(promise);
  }

  close(ctx: Context, promise: ChannelPromise): void {
    currentPassport(ctx.channel).addIfAbsent('SERVER_CH_CLOSE');
    ctx.close(promise);
  }
}
