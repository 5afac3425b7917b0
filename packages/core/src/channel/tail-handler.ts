import { typeName } from '../errors.ts';
import type { ChannelHandlerContext } from '../pipeline/channel-handler-context.ts';
import type { ChannelHandler } from '../pipeline/channel-handler.ts';
import { readersOf } from '../pipeline/declared-messages.ts';
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
      reader: this.#readerOf(message),
      // Who saw it last.
      lastReader: [...pipeline.contexts()].findLast(({ methods }) => methods.channelRead)?.name,
      handlers: pipeline.names(),
    };
    this.channel.logger.debug(fields, 'No handler read an inbound message; it was dropped at the tail.');
  }

  /** Who should have read it, as far as handlers say what they read. */
  #readerOf(message: unknown): string {
    const type = typeName(message);
    const readers = readersOf(message);
    const here = [...this.channel.pipeline.contexts()].findLast(({ handler }) =>
      readers.some((reader) => handler instanceof reader),
    );
    if (here)
      return `${here.name} reads ${type}: it passed this on, or stands before the handler that fired it`;
    const others = readers.map(({ name }) => name).join(', ');
    return `none of these handlers says that it reads ${type}${others === '' ? '' : `; ${others} would`}`;
  }

  exceptionCaught(_ctx: ChannelHandlerContext, cause: unknown): void {
    const fields = { err: cause, channel: String(this.channel), handlers: this.channel.pipeline.names() };
    this.channel.logger.warn(
      fields,
      'An error reached the tail of the pipeline; the last handler should take it.',
    );
  }
}
