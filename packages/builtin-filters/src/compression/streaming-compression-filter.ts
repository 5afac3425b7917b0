import type { HttpContent } from '@sluice/codec-http';
import { ContextKey, Filter } from '@sluice/filters';
import type { HttpResponseMessage, OutboundFilter, SessionContext } from '@sluice/filters';
import { inject } from 'inversify';
import type { z } from 'zod';
import { behind } from '../shared/behind.ts';
import type { ContentCoding } from './accept-encoding.ts';
import { BodyCompressor } from './body-compressor.ts';
import { CompressionOptions } from './compression-options.ts';
import type { compressionSchema } from './compression-options.ts';
import { CompressionPolicy } from './compression-policy.ts';
import { WholeCompressionFilter } from './whole-compression-filter.ts';

const STREAM_CODING = new ContextKey<ContentCoding>('stream-coding');

/**
 * Compresses bodies that are large or of unknown length while they stream. What comes in goes out
 * at once, so that events of a server (`text/event-stream`) are not held back.
 */
@Filter({
  type: 'outbound',
  name: 'streaming-compression',
  after: behind(WholeCompressionFilter),
  alwaysRun: true,
})
export class StreamingCompressionFilter implements OutboundFilter {
  readonly #options: CompressionOptions;
  readonly #policy: CompressionPolicy;

  constructor(@inject(CompressionOptions) options: z.input<typeof compressionSchema> = {}) {
    this.#options = new CompressionOptions(options);
    this.#policy = new CompressionPolicy(this.#options);
  }

  shouldFilter(response: HttpResponseMessage, context: SessionContext): boolean {
    const { framing, contentLength } = response.outboundResponse;
    if (framing === 'length' && contentLength <= this.#options.maxWholeBytes) return false;
    const coding = this.#policy.codingFor(response, context);
    context.set(STREAM_CODING, coding);
    return coding !== undefined;
  }

  apply({ headers }: HttpResponseMessage, context: SessionContext): void {
    const coding = context.get(STREAM_CODING);
    if (coding !== undefined) headers.set('content-encoding', coding);
  }

  transformBody(
    { context }: HttpResponseMessage,
    body: AsyncIterable<HttpContent>,
  ): AsyncIterable<HttpContent | Buffer> {
    const coding = context.get(STREAM_CODING);
    return coding === undefined ? body : new BodyCompressor(coding, this.#options).compress(body);
  }
}
