import type { HttpContent } from '@sluice/codec-http';
import { ContextKey, Filter, HttpStatusError } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, SessionContext } from '@sluice/filters';
import { inject } from 'inversify';
import type { z } from 'zod';
import { RateLimitFilter } from '../rate-limit/rate-limit-filter.ts';
import { behind } from '../shared/behind.ts';
import { RequestSizeLimitOptions } from './request-size-limit-options.ts';
import type { requestSizeLimitSchema } from './request-size-limit-options.ts';

const RECEIVED_BYTES = new ContextKey<number>('request-size-limit-received-bytes');

/**
 * Refuses requests whose body is too large: at once when the length is announced, else where the
 * limit is passed. Then the answer is 413 if the response has not started; else it is cut.
 */
@Filter({ type: 'inbound', name: 'request-size-limit', after: behind(RateLimitFilter), keepsBody: true })
export class RequestSizeLimitFilter implements InboundFilter {
  readonly #maxBodyBytes: number;

  constructor(@inject(RequestSizeLimitOptions) options: z.input<typeof requestSizeLimitSchema> = {}) {
    this.#maxBodyBytes = new RequestSizeLimitOptions(options).maxBodyBytes;
  }

  // A body of known length that fits needs no counting.
  shouldFilter({ outboundRequest: { framing, contentLength } }: HttpRequestMessage): boolean {
    return framing === 'chunked' || contentLength > this.#maxBodyBytes;
  }

  apply({ outboundRequest }: HttpRequestMessage): void {
    if (outboundRequest.contentLength > this.#maxBodyBytes) throw tooLarge();
  }

  processContentChunk({ context }: HttpRequestMessage, chunk: HttpContent): HttpContent {
    const bytes = receivedBytes(context) + chunk.data.length;
    if (bytes > this.#maxBodyBytes) throw tooLarge();
    context.set(RECEIVED_BYTES, bytes);
    return chunk;
  }
}

function receivedBytes(context: SessionContext): number {
  return context.get(RECEIVED_BYTES) ?? 0;
}

function tooLarge(): HttpStatusError {
  return new HttpStatusError(413, 'The body of the request is too large.', { reason: 'http_body_too_large' });
}
