import type { AbstractChannel } from '../channel/abstract-channel.ts';
import type { SocketAddress } from '../channel/socket-address.ts';
import type { ChannelFuture, ChannelPromise } from '../concurrent/channel-promise.ts';
import { CLOSE_ON_FAILURE } from '../concurrent/channel-promise.ts';
import { AbstractBootstrap, BootstrapError, whenRegistered } from './abstract-bootstrap.ts';

/** Turns an address with a host name into one with an IP address, now or later. */
export interface AddressResolver {
  resolve(address: SocketAddress, done: (error: unknown, resolved?: SocketAddress) => void): void;
}

/** Makes client channels and connects them. */
export class Bootstrap extends AbstractBootstrap {
  #remote: SocketAddress | undefined;
  #resolver: AddressResolver | undefined;

  constructor(other?: Bootstrap) {
    super(other);
    this.#remote = other && other.#remote;
    this.#resolver = other && other.#resolver;
  }

  remoteAddress(address: SocketAddress): this {
    this.#remote = address;
    return this;
  }

  /** Resolves host names before connecting. Default: none; the socket looks names up by itself. */
  resolver(resolver: AddressResolver | undefined): this {
    this.#resolver = resolver;
    return this;
  }

  override validate(): this {
    super.validate();
    if (this.channelHandler === undefined) throw new BootstrapError('handler not set');
    return this;
  }

  /** Connects a new channel; it is closed when that fails. */
  connect(remote: SocketAddress | undefined = this.#remote, local = this.local): ChannelFuture {
    this.validate();
    if (remote === undefined) throw new BootstrapError('remoteAddress not set');
    const { channel, registered } = this.initAndRegister();
    const promise = channel.newPromise();
    whenRegistered(registered, promise, () => {
      this.#resolveAndConnect(channel, remote, local, promise);
      promise.addListener(CLOSE_ON_FAILURE);
    });
    return promise;
  }

  /** A bootstrap of its own with the same settings. */
  clone(): Bootstrap {
    return new Bootstrap(this);
  }

  protected override init(channel: AbstractChannel): void {
    if (this.channelHandler) channel.pipeline.addLast(undefined, this.channelHandler);
    this.settings.apply(channel);
  }

  #resolveAndConnect(
    channel: AbstractChannel,
    remote: SocketAddress,
    local: SocketAddress | undefined,
    promise: ChannelPromise,
  ): void {
    this.#resolve(remote, (error, resolved) => {
      if (resolved === undefined) promise.tryFailure(error);
      else channel.connect(resolved, local, promise);
    });
  }

  #resolve(remote: SocketAddress, done: (error: unknown, resolved?: SocketAddress) => void): void {
    if (this.#resolver === undefined) {
      done(undefined, remote);
      return;
    }
    try {
      this.#resolver.resolve(remote, done);
    } catch (cause) {
      done(cause);
    }
  }
}
