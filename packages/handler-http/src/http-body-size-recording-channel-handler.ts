import { HttpContent, HttpKind, HttpObject, HttpServerCodec } from '@sluice/codec-http';
import type { HttpWireMessage } from '@sluice/codec-http';
import type { Channel, ChannelDuplexHandler, ChannelHandlerContext, ChannelPromise } from '@sluice/core';
import { Handler } from '@sluice/inject';
import { HTTP_BODY_SIZES, HttpBodySizes } from './http-body-sizes.ts';
import { HttpServerLifecycleChannelHandler } from './lifecycle/http-server-lifecycle-channel-handler.ts';
import { CompleteEvent } from './lifecycle/lifecycle-events.ts';

type Context = ChannelHandlerContext<HttpWireMessage, HttpWireMessage>;

/**
 * Counts the bytes of request and response bodies in the channel's {@link HTTP_BODY_SIZES}.
 *
 * A new request starts from zero; so does the time after a CompleteEvent, once all handlers have
 * seen it. A channel has one pair of numbers, for all its requests.
 */
@Handler({
  name: 'http-body-size-recording',
  sharable: true,
  requires: [HttpServerCodec],
  after: [HttpServerLifecycleChannelHandler],
})
export class HttpBodySizeRecordingChannelHandler implements ChannelDuplexHandler<
  HttpWireMessage,
  HttpWireMessage,
  HttpWireMessage
> {
  readonly sharable = true;

  channelRead(ctx: Context, message: HttpWireMessage): void {
    if (message instanceof HttpContent) sizesOf(ctx.channel).inbound += message.data.length;
    else if (message instanceof HttpObject && message.kind === HttpKind.request) sizesOf(ctx.channel).reset();
    ctx.fireChannelRead(message);
  }

  write(ctx: Context, message: HttpWireMessage, promise: ChannelPromise | undefined): void {
    if (message instanceof HttpContent) sizesOf(ctx.channel).outbound += message.data.length;
    ctx.write(message, promise);
  }

  userEventTriggered(ctx: Context, event: object): void {
    ctx.fireUserEventTriggered(event);
    if (event instanceof CompleteEvent) sizesOf(ctx.channel).reset();
  }
}

function sizesOf(channel: Channel): HttpBodySizes {
  const attribute = channel.attr(HTTP_BODY_SIZES);
  let sizes = attribute.get();
  if (sizes === undefined) attribute.set((sizes = new HttpBodySizes()));
  return sizes;
}
