import { HttpContent, HttpResponse } from '@sluice/codec-http';
import type { ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';
import { ReceivedResponse } from './received-message.ts';

/** Keeps the responses that come out of a client codec. */
export class ResponseCollector implements ChannelInboundHandler<unknown, never> {
  readonly responses: ReceivedResponse[] = [];
  #interim: number[] = [];

  channelRead(_ctx: ChannelHandlerContext<never>, message: unknown): void {
    if (message instanceof HttpResponse) this.#head(message);
    else if (message instanceof HttpContent) this.responses.at(-1)?.add(message);
  }

  // The connection is over, which its end says too.
  exceptionCaught(ctx: ChannelHandlerContext<never>): void {
    ctx.close();
  }

  #head(response: HttpResponse): void {
    if (response.isInformational) {
      this.#interim.push(response.status);
      return;
    }
    // What the codec makes of a response that can't be read, or never came, is none.
    if (response.failure !== undefined) return;
    this.responses.push(new ReceivedResponse(response, this.#interim));
    this.#interim = [];
  }
}
