import { HttpClientCodec, HttpKind, HttpObject } from '@sluice/codec-http';
import type { HttpWireMessage } from '@sluice/codec-http';
import type { ChannelDuplexHandler, ChannelHandlerContext, ChannelPromise } from '@sluice/core';
import { Handler } from '@sluice/inject';
import { currentPassport } from '@sluice/passport';
import { writeRecorded } from './recorded-write.ts';
import type { WriteStates } from './recorded-write.ts';

type Context = ChannelHandlerContext<HttpWireMessage, HttpWireMessage>;

const HEADERS: WriteStates = {
  sending: 'OUT_REQ_HEADERS_SENDING',
  sent: 'OUT_REQ_HEADERS_SENT',
  errorSending: 'OUT_REQ_HEADERS_ERROR_SENDING',
};
const CONTENT: WriteStates = {
  sending: 'OUT_REQ_CONTENT_SENDING',
  sent: 'OUT_REQ_CONTENT_SENT',
  errorSending: 'OUT_REQ_CONTENT_ERROR_SENDING',
};
const LAST_CONTENT: WriteStates = {
  sending: 'OUT_REQ_LAST_CONTENT_SENDING',
  sent: 'OUT_REQ_LAST_CONTENT_SENT',
  errorSending: 'OUT_REQ_LAST_CONTENT_ERROR_SENDING',
};

/**
 * Records a request as it goes out to an origin (OUT_REQ_…) and the response as it comes in
 * (IN_RESP_…), in the passport on the origin's channel.
 */
@Handler({ name: 'passport-state-http-client', sharable: true, requires: [HttpClientCodec] })
export class PassportStateHttpClientHandler implements ChannelDuplexHandler<
  HttpWireMessage,
  HttpWireMessage,
  HttpWireMessage
> {
  readonly sharable = true;

  channelRead(ctx: Context, message: HttpWireMessage): void {
    // A message with a failure is the codec's word that one was not received as it should have been.
    if (message instanceof HttpObject && message.failure === undefined) {
      const passport = currentPassport(ctx.channel);
      if (message.kind === HttpKind.response) passport.add('IN_RESP_HEADERS_RECEIVED');
      else if (message.kind === HttpKind.content) passport.add('IN_RESP_CONTENT_RECEIVED');
      else if (passport.has('IN_RESP_HEADERS_RECEIVED')) passport.add('IN_RESP_LAST_CONTENT_RECEIVED');
    }
    ctx.fireChannelRead(message);
  }

  write(ctx: Context, message: HttpWireMessage, promise: ChannelPromise | undefined): void {
    if (!(message instanceof HttpObject)) ctx.write(message, promise);
    else if (message.kind === HttpKind.request) writeRecorded(ctx, message, promise, HEADERS);
    else if (message.kind === HttpKind.content) writeRecorded(ctx, message, promise, CONTENT);
    else writeRecorded(ctx, message, promise, LAST_CONTENT);
  }
}
