import type { AbstractChannel } from '../channel/abstract-channel.ts';
import { TailHandler } from '../channel/tail-handler.ts';
import type { ChannelHandlerContext } from '../pipeline/channel-handler-context.ts';

/** The tail of an embedded channel: hands over what no handler took, for a test to look at. */
export class EmbeddedTail extends TailHandler {
  readonly #onMessage: (message: unknown) => void;
  readonly #onError: (cause: unknown) => void;

  constructor(
    channel: AbstractChannel,
    onMessage: (message: unknown) => void,
    onError: (cause: unknown) => void,
  ) {
    super(channel);
    this.#onMessage = onMessage;
    this.#onError = onError;
  }

  override channelRead(_ctx: ChannelHandlerContext, message: unknown): void {
    this.#onMessage(message);
  }

  override exceptionCaught(_ctx: ChannelHandlerContext, cause: unknown): void {
    this.#onError(cause);
  }
}
