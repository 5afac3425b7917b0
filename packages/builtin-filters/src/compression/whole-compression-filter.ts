import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { Filter } from '@sluice/filters';
import type { HttpResponseMessage, OutboundFilter, SessionContext } from '@sluice/filters';
import { inject } from 'inversify';
import type { z } from 'zod';
import { CorsResponseFilter } from '../cors/cors-response-filter.ts';
import { behind } from '../shared/behind.ts';
import type { ContentCoding } from './accept-encoding.ts';
import { CompressionOptions } from './compression-options.ts';
import type { compressionSchema } from './compression-options.ts';
import { CompressionPolicy } from './compression-policy.ts';

const compressWithBrotli = promisify(brotliCompress);
const compressWithGzip = promisify(gzip);

/** Compresses bodies of a known, moderate length as a whole: off the event loop, and their new length is told. */
@Filter({
  type: 'outbound',
  name: 'whole-compression',
  after: behind(CorsResponseFilter),
  alwaysRun: true,
})
export class WholeCompressionFilter implements OutboundFilter {
  readonly #options: CompressionOptions;
  readonly #policy: CompressionPolicy;

  constructor(@inject(CompressionOptions) options: z.input<typeof compressionSchema> = {}) {
    this.#options = new CompressionOptions(options);
    this.#policy = new CompressionPolicy(this.#options);
  }

  shouldFilter(response: HttpResponseMessage, context: SessionContext): boolean {
    const { framing, contentLength } = response.outboundResponse;
    if (framing !== 'length' || contentLength > this.#options.maxWholeBytes) return false;
    return this.#policy.codingFor(response, context) !== undefined;
  }

  needsBodyBuffered(): boolean {
    return true;
  }

  async apply(response: HttpResponseMessage, context: SessionContext): Promise<void> {
    const coding = this.#policy.codingFor(response, context);
    const { body } = response;
    if (coding === undefined || body === undefined) return;
    const compressed = await this.#compress(body, coding);
    if (compressed.length >= body.length) return;
    response.headers.set('content-encoding', coding);
    response.setBody(compressed);
  }

  #compress(body: Buffer, coding: ContentCoding): Promise<Buffer> {
    const { brotliQuality, gzipLevel } = this.#options;
    if (coding === 'gzip') return compressWithGzip(body, { level: gzipLevel });
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
      [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
    };
    return compressWithBrotli(body, { params });
  }
}
