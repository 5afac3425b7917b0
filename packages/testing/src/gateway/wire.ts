import { ChannelInputShutdownEvent } from '@sluice/core';
import type { Channel, ChannelHandler, ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';

/** How the other end has left, if it has. */
export type WireEnd = 'open' | 'ended' | 'reset';

/** Told of bytes as they come. */
export type WireListener = (wire: Wire, bytes: Buffer) => void;

/** One end of a connection in bytes. */
export class Wire {
  readonly #turn: () => void;
  readonly #handler: WireHandler;

  /** `turn` runs what a call has led to; `onBytes` is told of what has come. */
  constructor(turn: () => void, onBytes: WireListener = () => {}) {
    this.#turn = turn;
    this.#handler = new WireHandler((bytes) => onBytes(this, bytes));
  }

  /** @internal The last handler of its pipeline. */
  get handler(): ChannelHandler {
    return this.#handler;
  }

  /** Everything that has come, as latin1. */
  get received(): string {
    return this.#handler.received.toString('latin1');
  }

  get receivedBytes(): Buffer {
    return this.#handler.received;
  }

  /** How the other end has left: `ended` its sending side, or `reset` the connection. */
  get end(): WireEnd {
    return this.#handler.end;
  }

  /** Whether this end is closed. */
  get isClosed(): boolean {
    return !this.channel.isOpen;
  }

  /** Throws before the connection is made. */
  get channel(): Channel {
    const { channel } = this.#handler;
    if (channel === undefined) throw new Error('The connection is not made yet.');
    return channel;
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
}

/** Apart from the wire, whose methods have the names of operations. */
class WireHandler implements ChannelInboundHandler<Buffer, never> {
  readonly #onBytes: (bytes: Buffer) => void;
  #pieces: Buffer[] = [];
  channel: Channel | undefined = undefined;
  end: WireEnd = 'open';

  constructor(onBytes: (bytes: Buffer) => void) {
    this.#onBytes = onBytes;
  }

  get received(): Buffer {
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [bytes];
    return bytes;
  }

  handlerAdded(ctx: ChannelHandlerContext<never>): void {
    this.channel = ctx.channel;
    ctx.channel.config.allowHalfClosure = true;
  }

  channelRead(_ctx: ChannelHandlerContext<never>, bytes: Buffer): void {
    this.#pieces.push(bytes);
    this.#onBytes(bytes);
  }

  userEventTriggered(_ctx: ChannelHandlerContext<never>, event: object): void {
    if (event instanceof ChannelInputShutdownEvent && this.end === 'open') this.end = 'ended';
  }

  exceptionCaught(): void {
    this.end = 'reset';
  }
}
