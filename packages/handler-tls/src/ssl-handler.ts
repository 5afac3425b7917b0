import {
  ChannelInputShutdownEvent,
  ClosedChannelError,
  SocketChannel,
  UnsupportedOperationError,
} from '@sluice/core';
import type {
  Channel,
  ChannelDuplexHandler,
  ChannelFuture,
  ChannelHandlerContext,
  ChannelPromise,
  Timer,
} from '@sluice/core';
import { Handler, withDefaults } from '@sluice/inject';
import { inject } from 'inversify';
import type { TLSSocket } from 'node:tls';
import { ClientHelloHandler } from './client-hello-handler.ts';
import { closeNotified } from './close-notify.ts';
import { ServerSslContext } from './server-ssl-context.ts';
import { SniCompletionEvent } from './sni-completion-event.ts';
import { SslCloseCompletionEvent } from './ssl-close-completion-event.ts';
import type { SslContext } from './ssl-context.ts';
import { SslHandlerOptions } from './ssl-handler-options.ts';
import { SslHandshakeCompletionEvent } from './ssl-handshake-completion-event.ts';
import { markTls } from './ssl-handshake-info.ts';
import type { SslHandshakeInfo } from './ssl-handshake-info.ts';
import { SslHandshakeTimeoutError } from './tls-errors.ts';

type Context = ChannelHandlerContext<Buffer, Buffer>;

/**
 * Begins TLS on a connection, as its server or client.
 *
 * Node.js has no engine that turns bytes into bytes, so OpenSSL works under the head of the
 * pipeline: until a ClientHello has come, handlers see the bytes of the connection, and from then on
 * all of them see decrypted ones. The handlers behind this one see nothing before the handshake is
 * complete. What comes in place of a ClientHello is refused, a plain HTTP request with a 400 in
 * plain text.
 *
 * The close of a server sends what was flushed and a close_notify first; that of a client ends the
 * channel at once.
 */
@Handler({ name: 'ssl' })
export class SslHandler implements ChannelDuplexHandler<Buffer, Buffer, Buffer> {
  /** For the compiler, which sees that a list has it where bytes are; there is no such method. */
  declare readonly channelRead?: (ctx: Context, bytes: Buffer) => void;
  readonly #context: SslContext;
  readonly #options: SslHandlerOptions;
  #opening: ClientHelloHandler | undefined = undefined;
  #isStarted = false;
  #handshake: ChannelPromise | undefined = undefined;
  #socket: TLSSocket | undefined = undefined;
  #timer: Timer | undefined = undefined;
  #closing: ChannelFuture | undefined = undefined;
  #isCloseTold = false;

  constructor(
    @inject(ServerSslContext) context: SslContext,
    @inject(SslHandlerOptions) options: Partial<SslHandlerOptions> = {},
  ) {
    this.#context = context;
    this.#options = withDefaults(SslHandlerOptions, options);
  }

  /** Succeeds when the handshake is complete and the peer verified. Undefined before the handler is in a pipeline. */
  get handshakeFuture(): ChannelFuture | undefined {
    return this.#handshake;
  }

  /** What both sides have agreed on (ALPN); undefined for nothing, and before the handshake is complete. */
  get applicationProtocol(): string | undefined {
    return this.#socket?.alpnProtocol || undefined;
  }

  /** What the handshake has shown; undefined until it is complete. */
  handshakeInfo(): SslHandshakeInfo | undefined {
    if (this.#handshake?.isSuccess !== true || this.#socket === undefined) return undefined;
    return this.#context.describe(this.#socket);
  }

  handlerAdded(ctx: Context): void {
    this.#handshake = ctx.newPromise();
    if (this.#context.isServer) this.#expectClientHello(ctx);
    if (ctx.channel.isActive) this.#start(ctx);
  }

  handlerRemoved(ctx: Context): void {
    this.#fail(ctx, new ClosedChannelError());
    const waiting = this.#opening && ctx.pipeline.context(this.#opening);
    if (waiting) ctx.pipeline.remove(waiting.name);
  }

  channelActive(ctx: Context): void {
    this.#start(ctx);
    ctx.fireChannelActive();
  }

  channelInactive(ctx: Context): void {
    this.#fail(ctx, new ClosedChannelError());
    this.#tellClose(ctx, new SslCloseCompletionEvent(new ClosedChannelError()));
    ctx.fireChannelInactive();
  }

  userEventTriggered(ctx: Context, event: object): void {
    if (event instanceof ChannelInputShutdownEvent) this.#inputEnded(ctx);
    ctx.fireUserEventTriggered(event);
  }

  close(ctx: Context, promise: ChannelPromise): void {
    const { channel } = ctx;
    const { closeNotifyTimeoutMs } = this.#options;
    const hasTls = this.#handshake?.isSuccess === true && channel.isActive;
    if (hasTls && this.#context.isServer && closeNotifyTimeoutMs > 0) {
      this.#closing ??= this.#closeGently(channel, closeNotifyTimeoutMs);
      this.#closing.addListener(() => ctx.close(promise));
      return;
    }
    // A client has nothing to lose: the close_notify goes if it can go at once.
    if (hasTls) channel.shutdownOutput();
    ctx.close(promise);
  }

  #closeGently(channel: Channel, timeoutMs: number): ChannelFuture {
    // What still comes would be handled by a channel that can't answer.
    channel.pauseReads();
    return closeNotified(channel, timeoutMs);
  }

  #expectClientHello(ctx: Context): void {
    const { maxClientHelloBytes } = this.#options;
    const listener = {
      onClientHello: (received: Buffer) => this.#begin(ctx, received),
      onRefused: (cause: Error) => this.#fail(ctx, cause),
    };
    this.#opening = new ClientHelloHandler(listener, maxClientHelloBytes);
    ctx.pipeline.addAfter(ctx.name, undefined, this.#opening);
  }

  #start(ctx: Context): void {
    const { handshakeTimeoutMs } = this.#options;
    if (this.#isStarted) return;
    this.#isStarted = true;
    if (handshakeTimeoutMs > 0) {
      this.#timer = ctx.channel.eventLoop.schedule(handshakeTimeoutMs, () => {
        this.#failAndClose(ctx, new SslHandshakeTimeoutError(handshakeTimeoutMs));
      });
    }
    if (!this.#context.isServer) this.#begin(ctx);
  }

  #begin(ctx: Context, received?: Buffer): void {
    const done = (error?: Error): void => {
      if (error === undefined) this.#succeed(ctx);
      else this.#failAndClose(ctx, error);
    };
    this.#socket = socketChannel(ctx.channel).wrapSocket((raw) => this.#context.begin(raw, done), received);
  }

  #succeed(ctx: Context): void {
    this.#timer?.cancel();
    if (this.#handshake?.isDone !== false) return;
    markTls(ctx.channel);
    this.#handshake.trySuccess();
    const name = this.#context.isServer ? this.#socket?.servername : undefined;
    if (typeof name === 'string' && name !== '') {
      ctx.fireUserEventTriggered(new SniCompletionEvent(name.toLowerCase().replace(/\.$/, '')));
    }
    ctx.fireUserEventTriggered(SslHandshakeCompletionEvent.SUCCESS);
  }

  #failAndClose(ctx: Context, cause: unknown): void {
    if (this.#fail(ctx, cause)) ctx.close();
  }

  /** Returns whether the handshake was still to end. */
  #fail(ctx: Context, cause: unknown): boolean {
    this.#timer?.cancel();
    if (this.#handshake?.tryFailure(cause) !== true) return false;
    ctx.fireUserEventTriggered(new SslHandshakeCompletionEvent(cause));
    return true;
  }

  #inputEnded(ctx: Context): void {
    // Before the end of a handshake it is a broken one; without a ClientHello, its handler closes.
    if (this.#handshake?.isDone === false && this.#socket !== undefined) {
      this.#failAndClose(ctx, new ClosedChannelError());
    } else this.#tellClose(ctx, SslCloseCompletionEvent.SUCCESS);
  }

  #tellClose(ctx: Context, event: SslCloseCompletionEvent): void {
    if (this.#isCloseTold || this.#handshake?.isSuccess !== true) return;
    this.#isCloseTold = true;
    ctx.fireUserEventTriggered(event);
  }
}

function socketChannel(channel: Channel): SocketChannel {
  if (channel instanceof SocketChannel) return channel;
  throw new UnsupportedOperationError('begin TLS; only a SocketChannel can', channel);
}
