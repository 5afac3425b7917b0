import { AttributeKey } from '@sluice/core';
import type {
  Attribute,
  Channel,
  ChannelFutureListener,
  ChannelHandlerContext,
  ChannelInboundHandler,
  Transparent,
} from '@sluice/core';
import { Handler, shareOf, withDefaults, WorkerPlace } from '@sluice/inject';
import { currentPassport } from '@sluice/passport';
import { inject } from 'inversify';
import { ThrottledChannelHandler } from './throttled-channel-handler.ts';

/** Options of {@link MaxInboundConnectionsHandler}. */
export class MaxInboundConnectionsOptions {
  /** Connections that one listener may have open at once; 0 or less: any number. */
  readonly maxConnections: number = 20_000;
  /** Connections of all listeners that share the handler together; 0 or less: any number. */
  readonly maxTotalConnections: number = 0;
  /** File descriptors of the process that no connection of a client may take: they are for origins and files; 0 or less: none. */
  readonly reservedDescriptors: number = 64;
}

/** How often it is told of connections that are closed. */
const WARN_INTERVAL_MS = 1_000;

const TOO_MANY = 'Too many connections: new ones are closed until there are fewer.';
const NO_DESCRIPTOR = 'Too few file descriptors are left: new connections are closed until there are more.';

/** Fired from the head of a channel that is closed because there are too many: metrics count it. */
export const CONNECTION_THROTTLED_EVENT = Object.freeze({ name: 'CONNECTION_THROTTLED_EVENT' });

/** True on a channel that is closed because there are too many. */
export const CHANNEL_THROTTLED = AttributeKey.valueOf<boolean>('_channel_throttled');

/** On a listening channel: how many connections it has open. */
export const LISTENER_CONNECTIONS = AttributeKey.valueOf<number>('_listener_connections');

/**
 * Closes new connections, without a word to the client, while there are too many, or hardly a file
 * descriptor is left. Without any the system's part of Node.js would close them, and nobody hear of it.
 *
 * One instance counts for a whole process, which has its share of the limits when it is one of several workers: each listener apart, by the channel that accepted the
 * connection, and all of them together. A throttled channel counts until it is closed, and the
 * handlers behind this one see nothing of it.
 */
@Handler({ name: 'max-inbound-connections', sharable: true })
export class MaxInboundConnectionsHandler implements ChannelInboundHandler {
  readonly sharable = true;
  readonly #options: MaxInboundConnectionsOptions;
  #totalConnections = 0;
  /** Since the last line about them. */
  #throttled = 0;
  #quietUntilMs = -Infinity;

  constructor(
    @inject(MaxInboundConnectionsOptions) options: Partial<MaxInboundConnectionsOptions> = {},
    @inject(WorkerPlace) place: WorkerPlace = new WorkerPlace(),
  ) {
    const set = withDefaults(MaxInboundConnectionsOptions, options);
    const { maxConnections, maxTotalConnections } = set;
    this.#options = {
      ...set,
      maxConnections: shareOf(maxConnections, place),
      maxTotalConnections: shareOf(maxTotalConnections, place),
    };
  }

  /** Open connections of all listeners. */
  get totalConnections(): number {
    return this.#totalConnections;
  }

  channelActive(ctx: ChannelHandlerContext<Transparent>): void {
    const reason = this.#refusal(ctx.channel);
    if (reason !== undefined) {
      this.#throttle(ctx, reason);
      return;
    }
    ctx.fireChannelActive();
  }

  /** Counts the channel until it is closed; returns how many its listener has now. */
  #count(channel: Channel): number {
    this.#totalConnections++;
    const ofListener = listenerCount(channel);
    const count = (ofListener?.get() ?? 0) + 1;
    ofListener?.set(count);
    channel.closeFuture.addListener(this.#closed);
    return ofListener === undefined ? this.#totalConnections : count;
  }

  readonly #closed: ChannelFutureListener = ({ channel }) => {
    this.#totalConnections--;
    const ofListener = listenerCount(channel);
    ofListener?.set((ofListener.get() ?? 0) - 1);
  };

  #refusal(channel: Channel): string | undefined {
    if (this.#isTooMany(this.#count(channel))) return TOO_MANY;
    const { descriptorsLeft = Infinity } = channel;
    return descriptorsLeft < this.#options.reservedDescriptors ? NO_DESCRIPTOR : undefined;
  }

  #isTooMany(ofListener: number): boolean {
    const { maxConnections, maxTotalConnections } = this.#options;
    return (
      (maxConnections > 0 && ofListener > maxConnections) ||
      (maxTotalConnections > 0 && this.#totalConnections > maxTotalConnections)
    );
  }

  #throttle(ctx: ChannelHandlerContext, reason: string): void {
    const { channel, pipeline } = ctx;
    pipeline.addAfter(ctx.name, undefined, ThrottledChannelHandler.INSTANCE);
    channel.attr(CHANNEL_THROTTLED).set(true);
    currentPassport(channel).add('SERVER_CH_THROTTLING');
    this.#throttled++;
    this.#warn(channel, reason);
    pipeline.fireUserEventTriggered(CONNECTION_THROTTLED_EVENT);
    ctx.close();
  }

  // A line for each of a flood of connections would only add to the load.
  #warn(channel: Channel, reason: string): void {
    const now = channel.clock.turnNow();
    if (now < this.#quietUntilMs) return;
    this.#quietUntilMs = now + WARN_INTERVAL_MS;
    const { descriptorsLeft } = channel;
    const throttled = this.#throttled;
    this.#throttled = 0;
    const counts = { throttled, totalConnections: this.#totalConnections, descriptorsLeft };
    const fields = { channel: String(channel), ...counts, ...this.#options };
    channel.logger.warn(fields, reason);
  }
}

function listenerCount(channel: Channel): Attribute<number> | undefined {
  return channel.parent?.attr(LISTENER_CONNECTIONS);
}
