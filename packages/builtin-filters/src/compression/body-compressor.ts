import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import type { BrotliCompress, Gzip } from 'node:zlib';
import { HttpKind } from '@sluice/codec-http';
import type { HttpContent } from '@sluice/codec-http';
import type { ContentCoding } from './accept-encoding.ts';
import type { CompressionOptions } from './compression-options.ts';

// 256 KiB: brotli's own default of 4 MiB is too much to hold for each response under way.
const BROTLI_WINDOW_BITS = 18;

/**
 * Compresses one body piece by piece, on a thread of zlib's. A piece is taken when the one before
 * it is through, and can be decoded as soon as it is there.
 */
export class BodyCompressor {
  readonly #stream: Gzip | BrotliCompress;
  readonly #flush: number;
  #output: Buffer[] = [];

  constructor(coding: ContentCoding, options: CompressionOptions) {
    this.#stream = coding === 'br' ? brotli(options) : createGzip({ level: options.gzipLevel });
    this.#flush = coding === 'br' ? constants.BROTLI_OPERATION_FLUSH : constants.Z_SYNC_FLUSH;
    this.#stream.on('data', (bytes: Buffer) => this.#output.push(bytes));
  }

  /** The octets that stand for the body; the end of the iterator frees what is held for it. */
  async *compress(body: AsyncIterable<HttpContent>): AsyncIterable<Buffer> {
    try {
      for await (const { data, kind } of body) {
        if (data.length > 0) yield await this.#next(data);
        if (kind === HttpKind.last) yield await this.#end();
      }
    } finally {
      this.#stream.destroy();
    }
  }

  async #next(data: Buffer): Promise<Buffer> {
    await new Promise<void>((resolve, reject) => {
      this.#stream.once('error', reject);
      this.#stream.write(data);
      this.#stream.flush(this.#flush, () => {
        this.#stream.off('error', reject);
        resolve();
      });
    });
    return this.#take();
  }

  async #end(): Promise<Buffer> {
    await new Promise<void>((resolve, reject) => {
      this.#stream.once('error', reject);
      this.#stream.once('end', resolve);
      this.#stream.end();
    });
    return this.#take();
  }

  #take(): Buffer {
    return Buffer.concat(this.#output.splice(0));
  }
}

function brotli({ brotliQuality }: CompressionOptions): BrotliCompress {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
    [constants.BROTLI_PARAM_LGWIN]: BROTLI_WINDOW_BITS,
  };
  return createBrotliCompress({ params });
}
