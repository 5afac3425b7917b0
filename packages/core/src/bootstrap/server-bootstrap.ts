import type { AbstractChannel } from '../channel/abstract-channel.ts';
import type { AttributeKey } from '../channel/attribute.ts';
import type { ChannelOption } from '../channel/channel-config.ts';
import type { EventLoop } from '../concurrent/event-loop.ts';
import type { ChannelHandler } from '../pipeline/channel-handler.ts';
import { ChannelInitializer } from '../pipeline/channel-initializer.ts';
import { AbstractBootstrap, BootstrapError } from './abstract-bootstrap.ts';
import { BootstrapSettings } from './bootstrap-settings.ts';
import { ServerBootstrapAcceptor } from './server-bootstrap-acceptor.ts';

/**
 * Makes listening channels and sets up the channels that they accept.
 *
 * `handler` is for the listening channel, whose pipeline sees each accepted channel as a message
 * and may drop it; `childHandler` is for the accepted ones.
 */
export class ServerBootstrap extends AbstractBootstrap {
  readonly #childSettings: BootstrapSettings;
  #childEventLoop: EventLoop | undefined;
  #childHandler: ChannelHandler | undefined;

  constructor(other?: ServerBootstrap) {
    super(other);
    this.#childSettings = new BootstrapSettings(other && other.#childSettings);
    this.#childEventLoop = other && other.#childEventLoop;
    this.#childHandler = other && other.#childHandler;
  }

  /** The event loops of the listening channel and of the accepted ones; one for both when only one is given. */
  override group(eventLoop: EventLoop, childEventLoop: EventLoop = eventLoop): this {
    super.group(eventLoop);
    this.#childEventLoop = childEventLoop;
    return this;
  }

  childHandler(handler: ChannelHandler): this {
    this.#childHandler = handler;
    return this;
  }

  childOption<T>(option: ChannelOption<T>, value: T | undefined): this {
    this.#childSettings.setOption(option, value);
    return this;
  }

  childAttr<T>(key: AttributeKey<T>, value: T | undefined): this {
    this.#childSettings.setAttribute(key, value);
    return this;
  }

  override validate(): this {
    super.validate();
    if (this.#childHandler === undefined) throw new BootstrapError('childHandler not set');
    return this;
  }

  clone(): ServerBootstrap {
    return new ServerBootstrap(this);
  }

  protected override init(channel: AbstractChannel): void {
    this.settings.apply(channel);
    const { channelHandler } = this;
    const childEventLoop = this.#childEventLoop;
    const childHandler = this.#childHandler;
    if (childEventLoop === undefined || childHandler === undefined)
      throw new BootstrapError('childHandler not set');
    const acceptor = new ServerBootstrapAcceptor(
      childEventLoop,
      childHandler,
      new BootstrapSettings(this.#childSettings),
    );
    const init = new ChannelInitializer(({ pipeline, eventLoop }) => {
      if (channelHandler) pipeline.addLast(undefined, channelHandler);
      // In a task, so that it stands behind whatever the handler above adds.
      eventLoop.execute(() => pipeline.addLast(undefined, acceptor));
    });
    channel.pipeline.addLast(undefined, init);
  }
}
