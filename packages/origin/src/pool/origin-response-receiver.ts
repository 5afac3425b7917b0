import { HttpClientCodec, HttpContent, HttpKind, HttpObject, HttpResponse } from '@sluice/codec-http';
import type { ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';
import { Handler } from '@sluice/inject';

/** Told of what comes back on a connection to an origin. */
export interface OriginResponseListener {
  onResponse(response: HttpResponse): void;
  onContent(content: HttpContent): void;
  onTunnel(bytes: Buffer): void;
  onReadComplete(): void;
  onWritabilityChanged(isWritable: boolean): void;
  /** The connection ended, or can't be trusted any more, before the response was complete. */
  onReset(cause: unknown): void;
}

type Message = HttpObject | Buffer;

/** Hands what an origin sends to the request that the connection is lent to. */
@Handler({
  name: 'origin-response-receiver',
  requires: [HttpClientCodec],
  reads: [HttpResponse, HttpContent, Buffer],
})
export class OriginResponseReceiver implements ChannelInboundHandler<Message, never> {
  #listener: OriginResponseListener | undefined = undefined;

  attach(listener: OriginResponseListener): void {
    this.#listener = listener;
  }

  detach(): void {
    this.#listener = undefined;
  }

  channelRead(_ctx: ChannelHandlerContext<never>, message: Message): void {
    const listener = this.#listener;
    if (listener === undefined) return;
    if (!(message instanceof HttpObject)) listener.onTunnel(message);
    else if (message.failure !== undefined) listener.onReset(message.failure);
    else if (message.kind === HttpKind.response) listener.onResponse(message as HttpResponse);
    else listener.onContent(message as HttpContent);
  }

  channelReadComplete(ctx: ChannelHandlerContext<never>): void {
    this.#listener?.onReadComplete();
    ctx.fireChannelReadComplete();
  }

  channelWritabilityChanged(ctx: ChannelHandlerContext<never>): void {
    this.#listener?.onWritabilityChanged(ctx.channel.isWritable);
    ctx.fireChannelWritabilityChanged();
  }

  channelInactive(ctx: ChannelHandlerContext<never>): void {
    this.#listener?.onReset(undefined);
    ctx.fireChannelInactive();
  }

  exceptionCaught(ctx: ChannelHandlerContext<never>, cause: unknown): void {
    this.#listener?.onReset(cause);
    ctx.fireExceptionCaught(cause);
  }
}
