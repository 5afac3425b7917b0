import { constants, crc32, deflateRawSync } from 'node:zlib';

const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const TRAILER_BYTES = 8;
const WINDOW_BYTES = 32 * 1024;
const NO_BYTES: Buffer = Buffer.alloc(0);

/**
 * Makes one gzip stream (RFC 1952) of pieces, each of which can be decoded as soon as it is there.
 *
 * Each piece becomes deflate blocks that end on an octet, with the data before it as dictionary:
 * what follows may refer to it, since the reader has it in its window too. So nothing is under way
 * between two pieces but the last 32 KiB, and nothing has to be closed.
 */
export class GzipPieces {
  readonly #level: number;
  #window: Buffer = NO_BYTES;
  #checksum = 0;
  #bytes = 0;
  #hasBegun = false;

  constructor(level: number) {
    this.#level = level;
  }

  /** The octets that stand for this piece of the body. */
  next(data: Buffer): Buffer {
    return Buffer.concat([this.#begin(), this.#deflate(data, constants.Z_SYNC_FLUSH)]);
  }

  /** Those for the last piece, which may be empty, and the end. */
  end(data: Buffer): Buffer {
    const blocks = this.#deflate(data, constants.Z_FINISH);
    const trailer = Buffer.alloc(TRAILER_BYTES);
    trailer.writeUInt32LE(this.#checksum, 0);
    trailer.writeUInt32LE(this.#bytes % 2 ** 32, 4);
    return Buffer.concat([this.#begin(), blocks, trailer]);
  }

  #begin(): Buffer {
    if (this.#hasBegun) return NO_BYTES;
    this.#hasBegun = true;
    return HEADER;
  }

  #deflate(data: Buffer, finishFlush: number): Buffer {
    const dictionary = this.#window.length > 0 ? { dictionary: this.#window } : {};
    const blocks = deflateRawSync(data, { level: this.#level, finishFlush, ...dictionary });
    // Of no octets it would be 0, whatever came before.
    if (data.length > 0) this.#checksum = crc32(data, this.#checksum);
    this.#bytes += data.length;
    this.#window = lastBytes(this.#window, data);
    return blocks;
  }
}

function lastBytes(before: Buffer, data: Buffer): Buffer {
  // A copy: the received bytes need not be kept for a part of them.
  if (data.length >= WINDOW_BYTES) return Buffer.from(data.subarray(-WINDOW_BYTES));
  return Buffer.concat([before.subarray(-(WINDOW_BYTES - data.length)), data]);
}
