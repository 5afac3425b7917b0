import { HttpKind, HttpObject, HttpRequest, HttpServerCodec } from '@sluice/codec-http';
import type { HttpContent } from '@sluice/codec-http';
import type { Channel, ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';
import { ACCESS_LOG_FIELDS } from '@sluice/handler-access-log';
import { Handler } from '@sluice/inject';
import { inject } from 'inversify';
import { HttpRequestMessage } from '../message/http-request-message.ts';
import { SessionContext } from '../message/session-context.ts';

export class ClientRequestReceiverOptions {
  /**
   * Whether `Expect: 100-continue` is left to the endpoint: the proxy passes it on, and the origin's
   * 100 or final response back. Default: no; it is answered with a 100 once somebody wants the body.
   */
  readonly passExpectations: boolean = false;
}

type Message = HttpRequestMessage | HttpContent | Buffer;
type Context = ChannelHandlerContext<Message>;

/**
 * Makes a {@link HttpRequestMessage} with a {@link SessionContext} of each request, and passes on
 * its body. Takes `Expect: 100-continue` away, for the filters' side to answer, unless it is told
 * to pass it on.
 */
@Handler({
  name: 'client-request-receiver',
  requires: [HttpServerCodec],
  reads: [HttpRequest],
  fires: [HttpRequestMessage],
})
export class ClientRequestReceiver implements ChannelInboundHandler<HttpObject | Buffer, Message> {
  readonly #passExpectations: boolean;

  constructor(
    @inject(ClientRequestReceiverOptions)
    { passExpectations = false }: Partial<ClientRequestReceiverOptions> = {},
  ) {
    this.#passExpectations = passExpectations;
  }

  channelRead(ctx: Context, message: HttpObject | Buffer): void {
    if (message instanceof HttpObject && message.kind === HttpKind.request) {
      this.#receive(ctx, message as HttpRequest);
    } else ctx.fireChannelRead(message as HttpContent | Buffer);
  }

  #receive(ctx: Context, request: HttpRequest): void {
    const message = receivedMessage(ctx.channel, request);
    const { context } = message;
    if (!this.#passExpectations) message.outboundRequest.expectsContinue = false;
    if (request.failure !== undefined) {
      context.error = request.failure;
      context.shouldSendErrorResponse = true;
    }
    ctx.fireChannelRead(message);
  }
}

/** A request as the filters know it, with a context of its own. */
export function receivedMessage(channel: Channel, request: HttpRequest): HttpRequestMessage {
  const context = new SessionContext(channel, channel.clock.turnNow());
  // What the filters and the endpoint find out is there when the line is written.
  channel.attr(ACCESS_LOG_FIELDS).set(context);
  return new HttpRequestMessage(request, context);
}
