import { typeName } from '../errors.ts';
import type { ChannelHandlerContext } from '../pipeline/channel-handler-context.ts';
import type { ChannelHandler } from '../pipeline/channel-handler.ts';
import type { AbstractChannel } from './abstract-channel.ts';

/** The far end of every pipeline: told of whatever no handler has consumed. */
export class TailHandler implements ChannelHandler {
  readonly sharable = true;
  protected readonly channel: AbstractChannel;

  constructor(channel: AbstractChannel) {
    this.channel = channel;
  }

  channelRegistered(): void {}
  channelUnregistered(): void {}
  channelActive(): void {}
  channelInactive(): void {}
  channelReadComplete(): void {}
  channelWritabilityChanged(): void {}
  userEventTriggered(): void {}

  channelRead(_ctx: ChannelHandlerContext, message: unknown): void {
    const { pipeline } = this.channel;
    const fields = {
      channel: String(this.channel),
      message: typeName(message),
      // Who should have read it, unless a handler is missing behind it.
      lastReader: [...pipeline.contexts()].findLast(({ methods }) => methods.channelRead)?.name,
      handlers: pipeline.names(),
    };
    this.channel.logger.debug(fields, 'No handler read an inbound message; it was dropped at the tail.');
  }

  exceptionCaught(_ctx: ChannelHandlerContext, cause: unknown): void {
    const fields = { err: cause, channel: String(this.channel), handlers: this.channel.pipeline.names() };
    this.channel.logger.warn(
      fields,
      'An error reached the tail of the pipeline; the last handler should take it.',
    );
  }
}
