import type { Channel } from './channel.ts';

/** How much may wait to be sent before a channel turns unwritable, and how little before it turns back. In bytes. */
export interface WriteBufferWaterMark {
  readonly low: number;
  readonly high: number;
}

/** Names an option of a channel, and carries the type of its value. */
export class ChannelOption<T> {
  declare readonly type: T;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** Whether the channel reads by itself, without being asked by `read()`. Default: true. */
  static readonly AUTO_READ = new ChannelOption<boolean>('AUTO_READ');
  /** Whether a failed write closes the channel; else it shuts its output down. Default: true. */
  static readonly AUTO_CLOSE = new ChannelOption<boolean>('AUTO_CLOSE');
  /**
   * Whether the channel stays open for sending when the peer has sent its last byte; else it
   * closes as soon as what was flushed is sent. Default: false.
   */
  static readonly ALLOW_HALF_CLOSURE = new ChannelOption<boolean>('ALLOW_HALF_CLOSURE');
  /** Milliseconds until `connect` fails; 0: never. Default: 30 000. */
  static readonly CONNECT_TIMEOUT_MS = new ChannelOption<number>('CONNECT_TIMEOUT_MS');
  /** Default: low 32 KiB, high 64 KiB. */
  static readonly WRITE_BUFFER_WATER_MARK = new ChannelOption<WriteBufferWaterMark>(
    'WRITE_BUFFER_WATER_MARK',
  );
  /** Sends small segments at once. Read when the channel turns active. Default: true. */
  static readonly TCP_NODELAY = new ChannelOption<boolean>('TCP_NODELAY');
  /** Lets the operating system probe a quiet connection. Read when the channel turns active. Default: false. */
  static readonly SO_KEEPALIVE = new ChannelOption<boolean>('SO_KEEPALIVE');
  /**
   * Connections that may wait to be accepted, and as many that may wait while reads are off. The system cuts it to its own
   * limit (`net.core.somaxconn`, 4096 with Linux). Clients that find no place while the process stands still have to try
   * again, or are reset. Default: 4096.
   */
  static readonly SO_BACKLOG = new ChannelOption<number>('SO_BACKLOG');
  /**
   * Whether several sockets may listen on the port, each with a queue of its own, among which the system spreads the
   * connections; what waits in the queue of one is reset when that closes. Needs Node.js 22.12 or later, and a system that can
   * do it, as Linux: `bind` fails otherwise. Default: false.
   */
  static readonly SO_REUSEPORT = new ChannelOption<boolean>('SO_REUSEPORT');
}

const DEFAULT_WATER_MARK: WriteBufferWaterMark = { low: 32 * 1024, high: 64 * 1024 };

/** @internal Told when `autoRead` has another value. */
export interface AutoReadListener {
  autoReadChanged(autoRead: boolean): void;
}

/** The settings of one channel. */
export class ChannelConfig {
  readonly #listener: AutoReadListener;
  #autoRead = true;
  #waterMark = DEFAULT_WATER_MARK;
  #connectTimeoutMs = 30_000;
  autoClose = true;
  allowHalfClosure = false;
  tcpNoDelay = true;
  keepAlive = false;
  backlog = 4096;
  reusePort = false;

  /** @internal */
  constructor(listener: AutoReadListener) {
    this.#listener = listener;
  }

  get autoRead(): boolean {
    return this.#autoRead;
  }

  set autoRead(autoRead: boolean) {
    if (autoRead === this.#autoRead) return;
    this.#autoRead = autoRead;
    this.#listener.autoReadChanged(autoRead);
  }

  get writeBufferWaterMark(): WriteBufferWaterMark {
    return this.#waterMark;
  }

  /** Throws a RangeError unless 0 ≤ low ≤ high. */
  set writeBufferWaterMark({ low, high }: WriteBufferWaterMark) {
    if (!(low >= 0 && low <= high)) {
      throw new RangeError(`A write buffer water mark needs 0 <= low <= high, got low ${low}, high ${high}.`);
    }
    this.#waterMark = { low, high };
  }

  get connectTimeoutMs(): number {
    return this.#connectTimeoutMs;
  }

  /** Throws a RangeError when negative. */
  set connectTimeoutMs(ms: number) {
    if (!(ms >= 0)) throw new RangeError(`connectTimeoutMs must be 0 or more, got ${ms}.`);
    this.#connectTimeoutMs = ms;
  }

  /** Sets an option. Returns false when this kind of channel doesn't know it. */
  setOption<T>(option: ChannelOption<T>, value: T): boolean {
    const property = PROPERTIES.get(option);
    if (property === undefined) return false;
    (this as Record<string, unknown>)[property] = value;
    return true;
  }

  getOption<T>(option: ChannelOption<T>): T | undefined {
    const property = PROPERTIES.get(option);
    return property === undefined ? undefined : ((this as Record<string, unknown>)[property] as T);
  }
}

const PROPERTIES: ReadonlyMap<ChannelOption<unknown>, string> = new Map<ChannelOption<unknown>, string>([
  [ChannelOption.AUTO_READ, 'autoRead'],
  [ChannelOption.AUTO_CLOSE, 'autoClose'],
  [ChannelOption.ALLOW_HALF_CLOSURE, 'allowHalfClosure'],
  [ChannelOption.CONNECT_TIMEOUT_MS, 'connectTimeoutMs'],
  [ChannelOption.WRITE_BUFFER_WATER_MARK, 'writeBufferWaterMark'],
  [ChannelOption.TCP_NODELAY, 'tcpNoDelay'],
  [ChannelOption.SO_KEEPALIVE, 'keepAlive'],
  [ChannelOption.SO_BACKLOG, 'backlog'],
  [ChannelOption.SO_REUSEPORT, 'reusePort'],
] as [ChannelOption<unknown>, string][]);

/** Sets the options of a new channel; what can't be set is logged and left. */
export function applyOptions(channel: Channel, options: ReadonlyMap<ChannelOption<unknown>, unknown>): void {
  for (const [option, value] of options) {
    try {
      if (channel.config.setOption(option, value)) continue;
      channel.logger.warn({ option: option.name, channel: String(channel) }, 'Unknown channel option.');
    } catch (cause) {
      const fields = { option: option.name, channel: String(channel), err: cause };
      channel.logger.warn(fields, 'A channel option could not be set.');
    }
  }
}
