import { HttpContent, HttpKind, LastHttpContent } from '@sluice/codec-http';
import { ContextKey, Filter } from '@sluice/filters';
import type { HttpResponseMessage, OutboundFilter, SessionContext } from '@sluice/filters';
import { inject } from 'inversify';
import type { z } from 'zod';
import { behind } from '../shared/behind.ts';
import type { ContentCoding } from './accept-encoding.ts';
import { CompressionOptions } from './compression-options.ts';
import type { compressionSchema } from './compression-options.ts';
import { CompressionPolicy } from './compression-policy.ts';
import { GzipPieces } from './gzip-pieces.ts';
import { WholeCompressionFilter } from './whole-compression-filter.ts';

const GZIP_PIECES = new ContextKey<GzipPieces>('gzip-pieces');
const CODINGS: readonly ContentCoding[] = ['gzip'];

/**
 * Compresses bodies that are large or of unknown length while they stream. What comes in goes out
 * at once, so that events of a server (`text/event-stream`) are not held back.
 */
@Filter({
  type: 'outbound',
  name: 'streaming-compression',
  after: behind(WholeCompressionFilter),
  alwaysRun: true,
  onFailure: 'closed',
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
    return this.#policy.codingFor(response, context, CODINGS) !== undefined;
  }

  apply(response: HttpResponseMessage, context: SessionContext): void {
    this.#policy.announce(response, 'gzip');
    context.set(GZIP_PIECES, new GzipPieces(this.#options.gzipLevel));
  }

  processContentChunk({ context }: HttpResponseMessage, chunk: HttpContent): HttpContent | undefined {
    const pieces = context.get(GZIP_PIECES);
    if (pieces === undefined) return chunk;
    if (chunk.kind !== HttpKind.last)
      return chunk.data.length === 0 ? undefined : new HttpContent(pieces.next(chunk.data));
    context.set(GZIP_PIECES, undefined);
    const { trailers, failure } = chunk as LastHttpContent;
    return new LastHttpContent(pieces.end(chunk.data), trailers, failure);
  }
}
