import { formatAddress } from '@sluice/core';
import type {
  ChannelDuplexHandler,
  ChannelHandlerContext,
  ChannelPromise,
  SocketAddress,
  Transparent,
} from '@sluice/core';
import { Handler, withDefaults } from '@sluice/inject';
import { inject } from 'inversify';
import { describeMessage, describeValue } from './describe-message.ts';
import { LoggingOptions } from './logging-options.ts';

type Context = ChannelHandlerContext<Transparent, Transparent>;

/**
 * Logs every event and operation that passes its place in the pipeline, but `read`: a line of the
 * channel, the event and its argument, as in `[id: 0x00000001, L:… - R:…] READ: 5B`.
 *
 * For the eyes of a developer: lines show what clients send. Where its level is off it leaves the
 * pipeline as soon as it is added.
 */
@Handler({ name: 'logging', sharable: true })
export class LoggingHandler implements ChannelDuplexHandler {
  readonly sharable = true;
  readonly #options: LoggingOptions;
  readonly #withBytes: boolean;

  constructor(@inject(LoggingOptions) options: Partial<LoggingOptions> = {}) {
    this.#options = withDefaults(LoggingOptions, options);
    this.#withBytes = this.#options.format === 'HEX_DUMP';
  }

  get isOff(): boolean {
    return this.#options.level === 'off';
  }

  handlerAdded(ctx: Context): void {
    if (this.isOff) ctx.pipeline.remove(this);
  }

  channelRegistered(ctx: Context): void {
    this.#log(ctx, 'REGISTERED');
    ctx.fireChannelRegistered();
  }

  channelUnregistered(ctx: Context): void {
    this.#log(ctx, 'UNREGISTERED');
    ctx.fireChannelUnregistered();
  }

  channelActive(ctx: Context): void {
    this.#log(ctx, 'ACTIVE');
    ctx.fireChannelActive();
  }

  channelInactive(ctx: Context): void {
    this.#log(ctx, 'INACTIVE');
    ctx.fireChannelInactive();
  }

  channelRead(ctx: Context, message: unknown): void {
    this.#log(ctx, `READ: ${describeMessage(message, this.#withBytes)}`);
    ctx.fireChannelRead(message);
  }

  channelReadComplete(ctx: Context): void {
    this.#log(ctx, 'READ COMPLETE');
    ctx.fireChannelReadComplete();
  }

  userEventTriggered(ctx: Context, event: object): void {
    this.#log(ctx, `USER_EVENT: ${describeValue(event)}`);
    ctx.fireUserEventTriggered(event);
  }

  channelWritabilityChanged(ctx: Context): void {
    this.#log(ctx, 'WRITABILITY CHANGED');
    ctx.fireChannelWritabilityChanged();
  }

  exceptionCaught(ctx: Context, cause: unknown): void {
    this.#log(ctx, `EXCEPTION: ${describeValue(cause)}`);
    ctx.fireExceptionCaught(cause);
  }

  bind(ctx: Context, local: SocketAddress, promise: ChannelPromise): void {
    this.#log(ctx, `BIND: ${formatAddress(local)}`);
    ctx.bind(local, promise);
  }

  connect(
    ctx: Context,
    remote: SocketAddress,
    local: SocketAddress | undefined,
    promise: ChannelPromise,
  ): void {
    const from = local === undefined ? '' : `, ${formatAddress(local)}`;
    this.#log(ctx, `CONNECT: ${formatAddress(remote)}${from}`);
    ctx.connect(remote, local, promise);
  }

  disconnect(ctx: Context, promise: ChannelPromise): void {
    this.#log(ctx, 'DISCONNECT');
    ctx.disconnect(promise);
  }

  close(ctx: Context, promise: ChannelPromise): void {
    this.#log(ctx, 'CLOSE');
    ctx.close(promise);
  }

  deregister(ctx: Context, promise: ChannelPromise): void {
    this.#log(ctx, 'DEREGISTER');
    ctx.deregister(promise);
  }

  write(ctx: Context, message: unknown, promise: ChannelPromise | undefined): void {
    this.#log(ctx, `WRITE: ${describeMessage(message, this.#withBytes)}`);
    ctx.write(message, promise);
  }

  flush(ctx: Context): void {
    this.#log(ctx, 'FLUSH');
    ctx.flush();
  }

  #log(ctx: Context, what: string): void {
    const { level, logger = ctx.channel.logger } = this.#options;
    if (level !== 'off') logger[level]({}, `${String(ctx.channel)} ${what}`);
  }
}
