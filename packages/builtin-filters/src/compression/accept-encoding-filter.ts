import { Filter } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, SessionContext } from '@sluice/filters';
import { inject } from 'inversify';
import type { z } from 'zod';
import { RequestIdFilter } from '../request-id/request-id-filter.ts';
import { CompressionOptions } from './compression-options.ts';
import type { compressionSchema } from './compression-options.ts';
import { ACCEPT_ENCODING, HELD_TAGS } from './compression-policy.ts';

/** Notes what a client can decode, for the filters that compress its response. */
@Filter({ type: 'inbound', name: 'accept-encoding', after: [RequestIdFilter] })
export class AcceptEncodingFilter implements InboundFilter {
  readonly #removesField: boolean;

  constructor(@inject(CompressionOptions) options: z.input<typeof compressionSchema> = {}) {
    this.#removesField = new CompressionOptions(options).removeAcceptEncoding;
  }

  apply({ headers }: HttpRequestMessage, context: SessionContext): void {
    // RFC 9111 §5.2.1.6: the client may forbid it as well.
    const wantsBodyAsItIs = headers.containsToken('cache-control', 'no-transform');
    if (!wantsBodyAsItIs) {
      context.set(ACCEPT_ENCODING, headers.getAll('accept-encoding').join(','));
      if (headers.has('if-none-match')) context.set(HELD_TAGS, headers.getAll('if-none-match').join(','));
    }
    if (this.#removesField) headers.delete('accept-encoding');
  }
}
