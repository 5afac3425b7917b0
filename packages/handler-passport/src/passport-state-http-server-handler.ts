import { HttpKind, HttpObject, HttpServerCodec } from '@sluice/codec-http';
import type { HttpWireMessage } from '@sluice/codec-http';
import type { Channel, ChannelDuplexHandler, ChannelHandlerContext, ChannelPromise } from '@sluice/core';
import { CompleteEvent } from '@sluice/handler-http';
import { Handler } from '@sluice/inject';
import { clearPassport, currentPassport, startPassport } from '@sluice/passport';
import { writeRecorded } from './recorded-write.ts';
import type { WriteStates } from './recorded-write.ts';

type Context = ChannelHandlerContext<HttpWireMessage, HttpWireMessage>;

const HEADERS: WriteStates = {
  sending: 'OUT_RESP_HEADERS_SENDING',
  sent: 'OUT_RESP_HEADERS_SENT',
  errorSending: 'OUT_RESP_HEADERS_ERROR_SENDING',
};
const CONTENT: WriteStates = {
  sending: 'OUT_RESP_CONTENT_SENDING',
  sent: 'OUT_RESP_CONTENT_SENT',
  errorSending: 'OUT_RESP_CONTENT_ERROR_SENDING',
};
const LAST_CONTENT: WriteStates = {
  sending: 'OUT_RESP_LAST_CONTENT_SENDING',
  sent: 'OUT_RESP_LAST_CONTENT_SENT',
  errorSending: 'OUT_RESP_LAST_CONTENT_ERROR_SENDING',
};

/**
 * Records a client's request as it comes in (IN_REQ_…) and the response to it as it goes out
 * (OUT_RESP_…), and gives each request a passport of its own.
 *
 * The first request on a connection goes on with the passport that has the connection's states. A
 * passport is taken off the channel when its request is complete.
 */
@Handler({ name: 'passport-state-http-server', sharable: true, requires: [HttpServerCodec] })
export class PassportStateHttpServerHandler implements ChannelDuplexHandler<
  HttpWireMessage,
  HttpWireMessage,
  HttpWireMessage
> {
  readonly sharable = true;

  channelRead(ctx: Context, message: HttpWireMessage): void {
    if (message instanceof HttpObject) recordRead(ctx.channel, message);
    ctx.fireChannelRead(message);
  }

  write(ctx: Context, message: HttpWireMessage, promise: ChannelPromise | undefined): void {
    if (!(message instanceof HttpObject)) ctx.write(message, promise);
    else if (message.kind === HttpKind.response) writeRecorded(ctx, message, promise, HEADERS);
    else if (message.kind === HttpKind.content) writeRecorded(ctx, message, promise, CONTENT);
    else writeRecorded(ctx, message, promise, LAST_CONTENT);
  }

  userEventTriggered(ctx: Context, event: object): void {
    if (!(event instanceof CompleteEvent)) {
      ctx.fireUserEventTriggered(event);
      return;
    }
    // The close itself comes after this event, when the passport has left the channel.
    if (event.reason === 'CLOSE') currentPassport(ctx.channel).addIfAbsent('SERVER_CH_CLOSE');
    ctx.fireUserEventTriggered(event);
    clearPassport(ctx.channel);
  }
}

function recordRead(channel: Channel, { kind, failure }: HttpObject): void {
  const passport = currentPassport(channel);
  if (kind === HttpKind.content) passport.add('IN_REQ_CONTENT_RECEIVED');
  else if (kind === HttpKind.last) {
    // With a failure it tells that the end of the request was not received.
    if (failure === undefined) passport.add('IN_REQ_LAST_CONTENT_RECEIVED');
  } else if (passport.has('IN_REQ_HEADERS_RECEIVED')) startPassport(channel).add('IN_REQ_HEADERS_RECEIVED');
  else passport.add('IN_REQ_HEADERS_RECEIVED');
}
