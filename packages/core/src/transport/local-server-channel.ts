import { AbstractChannel } from '../channel/abstract-channel.ts';
import type { ChannelSettings } from '../channel/abstract-channel.ts';
import type { SocketAddress } from '../channel/socket-address.ts';
import { UnsupportedOperationError } from '../errors.ts';
import { LocalChannel } from './local-channel.ts';
import type { LocalAcceptor } from './local-channel.ts';
import type { LocalRegistry } from './local-registry.ts';

/**
 * Listens at an address of a network in memory. As with a socket, each connection comes through
 * its pipeline as a channel that is not registered yet; so many as `backlog` says wait while reads
 * are off, and those that come on top wait to be connected for ever.
 */
export class LocalServerChannel extends AbstractChannel implements LocalAcceptor {
  readonly #registry: LocalRegistry<LocalAcceptor>;
  readonly #waiting: LocalChannel[] = [];
  #isOpen = true;
  #isReading = false;
  #localAddress: SocketAddress | undefined = undefined;

  constructor(registry: LocalRegistry<LocalAcceptor>, settings?: ChannelSettings) {
    super(settings);
    this.#registry = registry;
  }

  override get isOpen(): boolean {
    return this.#isOpen;
  }

  override get isActive(): boolean {
    return this.#isOpen && this.#localAddress !== undefined;
  }

  override get localAddress(): SocketAddress | undefined {
    return this.#localAddress;
  }

  override get remoteAddress(): undefined {
    return undefined;
  }

  /** @internal */
  accept(client: LocalChannel): LocalChannel | undefined {
    if (!this.#isReading && this.#waiting.length >= this.config.backlog) return undefined;
    const child = new LocalChannel(
      this.#registry,
      { parent: this, logger: this.logger },
      { peer: client, localAddress: this.#localAddress },
    );
    this.#waiting.push(child);
    this.#fireLater();
    return child;
  }

  override doBind(local: SocketAddress, done: (error?: Error) => void): void {
    if (this.#localAddress !== undefined) throw new UnsupportedOperationError('bind twice', this);
    this.#localAddress = this.#registry.listen(local, this);
    done();
  }

  override doConnect(): void {
    throw new UnsupportedOperationError('connect', this);
  }

  override doClose(): void {
    this.#isOpen = false;
    if (this.#localAddress !== undefined) this.#registry.unlisten(this.#localAddress);
    for (const child of this.#waiting.splice(0)) child.unsafe.closeForcibly();
  }

  override doBeginRead(): void {
    this.#isReading = true;
    this.#fireLater();
  }

  override doStopRead(): void {
    this.#isReading = false;
  }

  override filterOutboundMessage(): void {
    throw new UnsupportedOperationError('write', this);
  }

  override doWrite(): void {
    throw new UnsupportedOperationError('write', this);
  }

  override doShutdownOutput(done: (error?: Error) => void): void {
    done(new UnsupportedOperationError('shutdownOutput', this));
  }

  #fireLater(): void {
    if (this.#isReading && this.#waiting.length > 0) this.eventLoop.execute(() => this.#fireWaiting());
  }

  #fireWaiting(): void {
    while (this.#isReading) {
      const child = this.#waiting.shift();
      if (child === undefined) return;
      this.unsafe.input.fireRead(child);
    }
  }
}
