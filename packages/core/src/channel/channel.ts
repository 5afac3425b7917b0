import type { ChannelFuture, ChannelPromise } from '../concurrent/channel-promise.ts';
import type { Clock } from '../concurrent/clock.ts';
import type { EventLoop } from '../concurrent/event-loop.ts';
import type { Logger } from '../logger.ts';
import type { ChannelPipeline } from '../pipeline/channel-pipeline.ts';
import type { Attribute, AttributeKey } from './attribute.ts';
import type { ChannelConfig } from './channel-config.ts';
import type { SocketAddress } from './socket-address.ts';

/**
 * One connection or listening socket, whatever carries its bytes.
 *
 * Life: made → registered with an event loop → active (connected or bound) → inactive →
 * unregistered. All its events run on its event loop.
 */
export interface Channel {
  /** Unique in the process; eight hex digits. */
  readonly id: string;
  /** The listening channel that accepted this one. */
  readonly parent: Channel | undefined;
  readonly pipeline: ChannelPipeline;
  readonly config: ChannelConfig;
  /** Throws before the channel is registered. */
  readonly eventLoop: EventLoop;
  /** The clock of the event loop. */
  readonly clock: Clock;
  readonly logger: Logger;
  readonly isRegistered: boolean;
  readonly isOpen: boolean;
  /** Connected or bound; implies `isOpen`. */
  readonly isActive: boolean;
  /** Whether {@link disconnect} is anything else than {@link close}. False for streams. */
  readonly hasDisconnect: boolean;
  readonly localAddress: SocketAddress | undefined;
  readonly remoteAddress: SocketAddress | undefined;
  /**
   * On an accepted connection, how many file descriptors the process had left behind its own, at most: where
   * there are none, connections end unseen. Undefined where that is not known: on other systems than Linux.
   */
  readonly descriptorsLeft: number | undefined;
  /** Succeeds when the channel is closed; it can't be completed by anyone else. */
  readonly closeFuture: ChannelFuture;
  /** Whether the peer has sent its last byte, and that was read; also once the channel is closed. */
  readonly isInputShutdown: boolean;

  /** False when more than the high water mark is waiting to be sent, or a user-defined bit says so. */
  readonly isWritable: boolean;
  readonly bytesBeforeUnwritable: number;
  readonly bytesBeforeWritable: number;
  /** Bytes written but not yet handed to the operating system, with the overhead counted per message. */
  readonly pendingOutboundBytes: number;
  /**
   * How often flushed messages were handed to the transport, which may be later than their flush. Who wrote when it was
   * the same knows that nothing of that has left.
   */
  readonly sendCount: number;
  /**
   * Bytes that the operating system has taken and the peer has not acknowledged, as they were in the last 5 s (with many connections some more);
   * undefined where the system does not tell, as any but Linux. It costs a look at all connections of the machine:
   * not for each request.
   */
  readonly unacknowledgedBytes: number | undefined;
  /** Index 1 to 31: reasons of one's own to call the channel unwritable; all true at first. */
  setUserDefinedWritability(index: number, writable: boolean): void;
  getUserDefinedWritability(index: number): boolean;

  /** The slot of a key on this channel, made at the first call. */
  attr<T>(key: AttributeKey<T>): Attribute<T>;
  hasAttr<T>(key: AttributeKey<T>): boolean;

  register(eventLoop: EventLoop, promise?: ChannelPromise): ChannelFuture;
  bind(local: SocketAddress, promise?: ChannelPromise): ChannelFuture;
  connect(remote: SocketAddress, local?: SocketAddress, promise?: ChannelPromise): ChannelFuture;
  disconnect(promise?: ChannelPromise): ChannelFuture;
  close(promise?: ChannelPromise): ChannelFuture;
  deregister(promise?: ChannelPromise): ChannelFuture;
  /** Asks for one cycle of reading; needed only while `config.autoRead` is off. */
  read(): this;
  write(message: unknown, promise?: ChannelPromise): void;
  flush(): this;
  writeAndFlush(message: unknown, promise?: ChannelPromise): void;
  /**
   * Takes back a flush that the transport has put off, which {@link sendCount} tells: its messages wait for another flush, and
   * fail when the channel closes. For what is to be sent on another channel. Nothing is taken back of what has been handed over.
   */
  cancelFlush(): this;
  /** Ends the sending direction alone once what was flushed is sent; what was not flushed fails. */
  shutdownOutput(promise?: ChannelPromise): ChannelFuture;

  /**
   * Closes at once, where the transport has it with a reset instead of an orderly end, so that
   * the peer can't take a cut message for a whole one. Handlers see the channel go inactive, but
   * no `close`.
   */
  reset(promise?: ChannelPromise): ChannelFuture;

  /** Stops reading until {@link resumeReads} was called as often. On top of `config.autoRead`. */
  pauseReads(): void;
  resumeReads(): void;

  newPromise(): ChannelPromise;
  newSucceededFuture(): ChannelFuture;
  newFailedFuture(cause: unknown): ChannelFuture;
  /** Shared: for writes whose failure should be fired as `exceptionCaught`. Takes no listeners. */
  voidPromise(): ChannelPromise;

  /** `[id: 0x1a2b3c4d, L:127.0.0.1:80 - R:127.0.0.1:5000]`, with `!` for `-` once inactive. */
  toString(): string;
}
