import { LastHttpContent } from '@sluice/codec-http';
import type { HttpContent, HttpResponse } from '@sluice/codec-http';
import type { ChannelHandlerContext } from '@sluice/core';
import { closeLingering } from '@sluice/handler-http';
import { IDLE_STATE_SUSPENDED, IdleStateHandler } from '@sluice/handler-idle-state';
import type { HttpResponseMessage } from '../message/http-response-message.ts';

type Result = HttpResponse | HttpResponseMessage | HttpContent | Buffer;

/** The client's connection as the processor of a request sees it: results go on to the ClientResponseWriter. */
export class ClientChannel {
  readonly #ctx: ChannelHandlerContext<Result>;
  #isTunnelOver = false;

  constructor(ctx: ChannelHandlerContext<Result>) {
    this.#ctx = ctx;
  }

  get isWritable(): boolean {
    return this.#ctx.channel.isWritable;
  }

  inform(response: HttpResponse): void {
    this.#ctx.fireChannelRead(response);
    this.#ctx.channel.flush();
  }

  respond(response: HttpResponseMessage): void {
    this.#ctx.fireChannelRead(response);
  }

  content(chunk: HttpContent): void {
    this.#ctx.fireChannelRead(chunk);
    if (chunk instanceof LastHttpContent) this.#ctx.channel.flush();
  }

  tunnel(bytes: Buffer): void {
    this.#ctx.fireChannelRead(bytes);
  }

  /** Somebody else ends the tunnel when it is quiet. */
  suspendIdleState(): void {
    this.#ctx.channel.attr(IDLE_STATE_SUSPENDED).set(true);
  }

  // A client that does not take what is left is idle again.
  endTunnel(): void {
    const { channel } = this.#ctx;
    channel.attr(IDLE_STATE_SUSPENDED).set(undefined);
    channel.flush();
    // What it sends meanwhile must not cost it what is on its way: a close with unread bytes is a reset.
    channel.shutdownOutput().addListener(({ isSuccess }) => {
      this.#isTunnelOver = isSuccess;
      closeLingering(channel);
    });
  }

  /** Whether all that has come from the far side of a tunnel was sent, and its end behind it. */
  get isTunnelOver(): boolean {
    return this.#isTunnelOver;
  }

  flush(): void {
    this.#ctx.channel.flush();
  }

  /** Ends the connection in a way that the client can't take for the end of the body. */
  cut(): void {
    const { channel } = this.#ctx;
    channel.flush();
    channel.reset();
  }

  pauseReads(): void {
    this.#ctx.channel.pauseReads();
  }

  resumeReads(): void {
    this.#ctx.channel.resumeReads();
  }

  requestTaken(): void {
    this.#ctx.channel.pipeline.get(IdleStateHandler)?.resetReadTimeout();
  }
}
