import { ChannelInputShutdownEvent } from '@sluice/core';
import type { Channel, ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';

/** How the other end has left, if it has. */
export type WireEnd = 'open' | 'ended' | 'reset';

/** One end of a connection in bytes, as the last handler of its pipeline. */
export class Wire implements ChannelInboundHandler<Buffer, never> {
  readonly #turn: () => void;
  readonly #onBytes: (wire: Wire) => void;
  #pieces: Buffer[] = [];
  #channel: Channel | undefined = undefined;
  #end: WireEnd = 'open';

  /** `turn` runs what a call has led to; `onBytes` is told of what has come. */
  constructor(turn: () => void, onBytes: (wire: Wire) => void = () => {}) {
    this.#turn = turn;
    this.#onBytes = onBytes;
  }

  /** Everything that has come, as latin1. */
  get received(): string {
    return this.receivedBytes.toString('latin1');
  }

  get receivedBytes(): Buffer {
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [bytes];
    return bytes;
  }

  /** How the other end has left: `ended` its sending side, or `reset` the connection. */
  get end(): WireEnd {
    return this.#end;
  }

  /** Whether this end is closed. */
  get isClosed(): boolean {
    return this.#channel?.isOpen === false;
  }

  get channel(): Channel {
    if (this.#channel === undefined) throw new Error('The connection is not made yet.');
    return this.#channel;
  }

  /** Text is sent as latin1. What is sent to an end that has closed is lost. */
  send(bytes: string | Uint8Array): this {
    this.channel.writeAndFlush(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    this.#turn();
    return this;
  }

  /** Ends the sending side (FIN). */
  finish(): void {
    this.channel.shutdownOutput();
    this.#turn();
  }

  close(): void {
    this.channel.close();
    this.#turn();
  }

  /** Breaks the connection off (RST). */
  reset(): void {
    this.channel.reset();
    this.#turn();
  }

  /** Stops taking bytes until {@link resume}. */
  pause(): void {
    this.channel.pauseReads();
  }

  resume(): void {
    this.channel.resumeReads();
    this.#turn();
  }

  handlerAdded(ctx: ChannelHandlerContext<never>): void {
    this.#channel = ctx.channel;
    ctx.channel.config.allowHalfClosure = true;
  }

  channelRead(_ctx: ChannelHandlerContext<never>, bytes: Buffer): void {
    this.#pieces.push(bytes);
    this.#onBytes(this);
  }

  userEventTriggered(_ctx: ChannelHandlerContext<never>, event: object): void {
    if (event instanceof ChannelInputShutdownEvent && this.#end === 'open') this.#end = 'ended';
  }

  exceptionCaught(): void {
    this.#end = 'reset';
  }
}
