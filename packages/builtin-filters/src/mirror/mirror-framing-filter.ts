import { Filter } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, SessionContext } from '@sluice/filters';
import { behind } from '../shared/behind.ts';
import { MIRRORED_FRAMING, MirrorFilter } from './mirror-filter.ts';

/**
 * Goes with the {@link MirrorFilter}: a filter that sees the pieces of a body makes its length
 * unknown, but that one changes none of them, so the request is sent with the length it came with.
 */
@Filter({ type: 'inbound', name: 'mirror-framing', after: behind(MirrorFilter), onFailure: 'open' })
export class MirrorFramingFilter implements InboundFilter {
  shouldFilter(_request: HttpRequestMessage, context: SessionContext): boolean {
    return context.get(MIRRORED_FRAMING) !== undefined;
  }

  apply({ outboundRequest }: HttpRequestMessage, context: SessionContext): void {
    const original = context.get(MIRRORED_FRAMING);
    if (original === undefined) return;
    outboundRequest.framing = original.framing;
    outboundRequest.contentLength = original.contentLength;
  }
}
