import type { ChannelHandlerContext, ChannelInboundHandler, Transparent } from '@sluice/core';
import { Handler } from '@sluice/inject';
import { currentPassport } from '@sluice/passport';
import { SslHandler } from './ssl-handler.ts';
import { SslHandshakeCompletionEvent } from './ssl-handshake-completion-event.ts';
import { SSL_HANDSHAKE_INFO } from './ssl-handshake-info.ts';

/**
 * Records what the TLS handshake has shown as the attribute SSL_HANDSHAKE_INFO of the channel, for
 * handlers, filters and the access log, and SERVER_CH_SSL_HANDSHAKE_COMPLETE in the passport. Leaves
 * the pipeline with the end of the handshake, whether it succeeded or not.
 */
@Handler({ name: 'ssl-handshake-info', requires: [SslHandler] })
export class SslHandshakeInfoHandler implements ChannelInboundHandler {
  userEventTriggered(ctx: ChannelHandlerContext<Transparent>, event: object): void {
    if (event instanceof SslHandshakeCompletionEvent) {
      if (event.isSuccess) record(ctx);
      ctx.pipeline.remove(ctx.name);
    }
    ctx.fireUserEventTriggered(event);
  }
}

function record({ channel, pipeline }: ChannelHandlerContext): void {
  currentPassport(channel).add('SERVER_CH_SSL_HANDSHAKE_COMPLETE');
  try {
    channel.attr(SSL_HANDSHAKE_INFO).set(pipeline.get(SslHandler)?.handshakeInfo());
  } catch (cause) {
    channel.logger.warn(
      { err: cause, channel: String(channel) },
      'The TLS handshake could not be described.',
    );
  }
}
