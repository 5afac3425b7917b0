import type { ChannelSettings } from '../channel/abstract-channel.ts';
import type { SocketAddress } from '../channel/socket-address.ts';
import type { VirtualClock } from '../concurrent/virtual-clock.ts';
import type { ChannelHandler } from '../pipeline/channel-handler.ts';

/** How an `EmbeddedChannel` differs from the usual one; every field may be left out. */
export interface EmbeddedChannelSettings extends ChannelSettings {
  readonly handlers?: readonly ChannelHandler[];
  /** Whether to register at once. Default: true. */
  readonly register?: boolean;
  /** Whether `disconnect` is an operation of its own. Default: false. */
  readonly hasDisconnect?: boolean;
  /** A clock shared with other channels. Default: a new one, standing still. */
  readonly clock?: VirtualClock;
  /** Default: `embedded`. */
  readonly localAddress?: SocketAddress;
  /** Default: `embedded`. */
  readonly remoteAddress?: SocketAddress;
  /** Default: not known. */
  readonly descriptorsLeft?: number | undefined;
}

const NAMES: ReadonlySet<string> = new Set([
  'handlers',
  'register',
  'hasDisconnect',
  'clock',
  'localAddress',
  'remoteAddress',
  'descriptorsLeft',
  'parent',
  'logger',
  'id',
] satisfies readonly (keyof EmbeddedChannelSettings)[]);

/** Settings are a plain object of known names; anything else is a handler. */
export function settingsOf(
  given: readonly (ChannelHandler | EmbeddedChannelSettings)[],
): EmbeddedChannelSettings {
  const [first] = given;
  const isSettings =
    given.length === 1 &&
    first !== undefined &&
    Object.getPrototypeOf(first) === Object.prototype &&
    Object.keys(first).length > 0 &&
    Object.keys(first).every((key) => NAMES.has(key));
  return isSettings ? (first as EmbeddedChannelSettings) : { handlers: given as readonly ChannelHandler[] };
}
