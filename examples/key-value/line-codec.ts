import type { ChannelDuplexHandler, ChannelHandlerContext, ChannelPromise } from '@sluice/core';

const LINE_FEED = 0x0a;
const NOTHING = Buffer.alloc(0);

/** A client sent a line without an end. */
export class LineTooLongError extends Error {
  override readonly name = 'LineTooLongError';
}

/** Makes lines of bytes, in whatever pieces they come, and bytes of lines. A line ends in LF or CRLF. */
export class LineCodec implements ChannelDuplexHandler<Buffer, string, string, Buffer> {
  readonly #maxBytes: number;
  #rest = NOTHING;

  /** `maxBytes` is what a line may have; a longer one is a {@link LineTooLongError}, which is fired. */
  constructor(maxBytes = 1024) {
    this.#maxBytes = maxBytes;
  }

  channelRead(ctx: ChannelHandlerContext<string, Buffer>, bytes: Buffer): void {
    let rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED)) {
      ctx.fireChannelRead(rest.toString('utf8', 0, end).replace(/\r$/, ''));
      rest = rest.subarray(end + 1);
    }
    this.#rest = NOTHING;
    if (rest.length > this.#maxBytes) throw new LineTooLongError(`A line has over ${this.#maxBytes} bytes.`);
    // A copy: the bytes are a part of the buffer that the next read goes into.
    this.#rest = Buffer.from(rest);
  }

  write(ctx: ChannelHandlerContext<never, Buffer>, line: string, promise: ChannelPromise | undefined): void {
    ctx.write(Buffer.from(`${line}\r\n`), promise);
  }
}
