import type { AbstractChannel } from '../channel/abstract-channel.ts';
import type { AttributeKey } from '../channel/attribute.ts';
import type { ChannelOption } from '../channel/channel-config.ts';
import type { SocketAddress } from '../channel/socket-address.ts';
import type { ChannelFuture, ChannelPromise } from '../concurrent/channel-promise.ts';
import { CLOSE_ON_FAILURE } from '../concurrent/channel-promise.ts';
import type { EventLoop } from '../concurrent/event-loop.ts';
import { SluiceError } from '../errors.ts';
import type { ChannelHandler } from '../pipeline/channel-handler.ts';
import { BootstrapSettings } from './bootstrap-settings.ts';

/** Something needed to start a channel was not given, or was given twice. */
export class BootstrapError extends SluiceError {
  override readonly name = 'BootstrapError';

  constructor(message: string) {
    super('SLUICE_BOOTSTRAP', message);
  }
}

/** Makes a channel of the wanted kind. */
export type ChannelFactory = () => AbstractChannel;

/** What {@link Bootstrap} and {@link ServerBootstrap} have in common. */
export abstract class AbstractBootstrap {
  protected readonly settings: BootstrapSettings;
  protected eventLoop: EventLoop | undefined;
  protected channelHandler: ChannelHandler | undefined;
  protected local: SocketAddress | undefined;
  #factory: ChannelFactory | undefined;

  protected constructor(other?: AbstractBootstrap) {
    this.settings = new BootstrapSettings(other?.settings);
    this.eventLoop = other?.eventLoop;
    this.channelHandler = other?.channelHandler;
    this.local = other?.local;
    this.#factory = other && other.#factory;
  }

  /** The event loop of the channels. Throws a {@link BootstrapError} when called twice. */
  group(eventLoop: EventLoop): this {
    if (this.eventLoop !== undefined) throw new BootstrapError('group set already');
    this.eventLoop = eventLoop;
    return this;
  }

  /** How to make a channel; what it throws, `bind` and `connect` throw. Throws a {@link BootstrapError} when called twice. */
  channelFactory(factory: ChannelFactory): this {
    if (this.#factory !== undefined) throw new BootstrapError('channelFactory set already');
    this.#factory = factory;
    return this;
  }

  /** The handler, often a `ChannelInitializer`, of the channel. */
  handler(handler: ChannelHandler): this {
    this.channelHandler = handler;
    return this;
  }

  /** Undefined removes the option. Options are set in the order in which they were given. */
  option<T>(option: ChannelOption<T>, value: T | undefined): this {
    this.settings.setOption(option, value);
    return this;
  }

  attr<T>(key: AttributeKey<T>, value: T | undefined): this {
    this.settings.setAttribute(key, value);
    return this;
  }

  localAddress(address: SocketAddress): this {
    this.local = address;
    return this;
  }

  /** Throws a {@link BootstrapError} that names what is missing. */
  validate(): this {
    if (this.eventLoop === undefined) throw new BootstrapError('group not set');
    if (this.#factory === undefined) throw new BootstrapError('channel or channelFactory not set');
    return this;
  }

  /** Makes and registers a channel without binding or connecting it. */
  register(): ChannelFuture {
    this.validate();
    return this.initAndRegister().registered;
  }

  /** Binds a new channel; it is closed when that fails. */
  bind(local: SocketAddress | undefined = this.local): ChannelFuture {
    this.validate();
    if (local === undefined) throw new BootstrapError('localAddress not set');
    const { channel, registered } = this.initAndRegister();
    const promise = channel.newPromise();
    whenRegistered(registered, promise, () => {
      channel.bind(local, promise);
      promise.addListener(CLOSE_ON_FAILURE);
    });
    return promise;
  }

  protected abstract init(channel: AbstractChannel): void;

  protected initAndRegister(): { channel: AbstractChannel; registered: ChannelFuture } {
    const eventLoop = this.eventLoop;
    const factory = this.#factory;
    if (eventLoop === undefined || factory === undefined) throw new BootstrapError('group not set');
    const channel = factory();
    try {
      this.init(channel);
    } catch (cause) {
      channel.unsafe.closeForcibly(cause);
      return { channel, registered: channel.newFailedFuture(cause) };
    }
    return { channel, registered: channel.register(eventLoop) };
  }
}

/** Goes on in a task after registration, so that handlers set up by it come first. */
export function whenRegistered(registered: ChannelFuture, promise: ChannelPromise, next: () => void): void {
  registered.addListener((future) => {
    if (future.isSuccess) future.channel.eventLoop.execute(next);
    else promise.tryFailure(future.cause);
  });
}
