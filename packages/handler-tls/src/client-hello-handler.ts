import { Buffer } from 'node:buffer';
import { ChannelInputShutdownEvent, ClosedChannelError, PendingWriteQueue } from '@sluice/core';
import type { ChannelDuplexHandler, ChannelHandlerContext, ChannelPromise, Timer } from '@sluice/core';
import { detectOpening } from './client-hello.ts';
import { ClientHelloTooLongError, NotSslRecordError, PlainHttpError } from './tls-errors.ts';

type Context = ChannelHandlerContext<Buffer>;

// How long a client that was answered in plain text may take to close.
const LINGER_MS = 1_000;

const BODY = 'This port speaks TLS. Use https:// in the place of http://.\n';
const ANSWER = Buffer.from(
  `HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: ${BODY.length}\r\n` +
    `Connection: close\r\n\r\n${BODY}`,
);

/** What becomes of the first bytes of a connection. */
export interface OpeningListener {
  /** A ClientHello, or its beginning, has come. */
  onClientHello(received: Buffer): void;
  /** TLS will not begin. The connection is closed after this. */
  onRefused(cause: Error): void;
}

/**
 * Stands behind SslHandler until the first bytes show whether the client speaks TLS. Nothing
 * is sent before that but the answer to a plain HTTP request.
 */
export class ClientHelloHandler implements ChannelDuplexHandler<Buffer, Buffer, unknown, unknown> {
  readonly #listener: OpeningListener;
  readonly #maxBytes: number;
  #received: Buffer = Buffer.alloc(0);
  #writes: PendingWriteQueue | undefined = undefined;
  #isRefused = false;
  #linger: Timer | undefined = undefined;

  constructor(listener: OpeningListener, maxBytes: number) {
    this.#listener = listener;
    this.#maxBytes = maxBytes;
  }

  handlerRemoved(): void {
    this.#linger?.cancel();
    this.#writes?.removeAndFailAll(new ClosedChannelError());
  }

  channelRead(ctx: Context, bytes: Buffer): void {
    if (this.#isRefused) return;
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    const opening = detectOpening(this.#received);
    if (opening.kind === 'client-hello') this.#begin(ctx, opening.bytes);
    else if (opening.kind === 'plain-http') this.#answer(ctx);
    else if (opening.kind === 'other') this.#refuse(ctx, new NotSslRecordError());
  }

  channelReadComplete(ctx: Context): void {
    // The handlers behind have seen no read, so they ask for none.
    if (!ctx.channel.config.autoRead) ctx.read();
  }

  userEventTriggered(ctx: Context, event: object): void {
    if (event instanceof ChannelInputShutdownEvent) ctx.close();
    ctx.fireUserEventTriggered(event);
  }

  write(ctx: Context, message: unknown, promise: ChannelPromise | undefined): void {
    this.#writes ??= new PendingWriteQueue(ctx);
    this.#writes.add(message, promise);
  }

  // Nothing may be sent yet; what waits goes out when TLS begins.
  flush(): void {}

  #begin(ctx: Context, bytes: number): void {
    if (bytes > this.#maxBytes) {
      this.#refuse(ctx, new ClientHelloTooLongError(bytes, this.#maxBytes));
      return;
    }
    this.#listener.onClientHello(this.#received);
    const hasWrites = this.#writes?.isEmpty === false;
    this.#writes?.removeAndWriteAll();
    if (hasWrites) ctx.flush();
    ctx.pipeline.remove(ctx.name);
  }

  #refuse(ctx: Context, cause: Error): void {
    this.#isRefused = true;
    this.#listener.onRefused(cause);
    ctx.close();
  }

  #answer(ctx: Context): void {
    this.#isRefused = true;
    const { channel } = ctx;
    this.#listener.onRefused(new PlainHttpError());
    if (!channel.isActive) return;
    ctx.writeAndFlush(ANSWER);
    // RFC 9112 §9.6: closed at once, unread bytes would turn into a reset that destroys the answer.
    channel.shutdownOutput();
    this.#linger = channel.eventLoop.schedule(LINGER_MS, () => channel.close());
  }
}
