import { HttpContent } from '@sluice/codec-http';
import { Filter } from '@sluice/filters';
import type { HttpResponseMessage, OutboundFilter } from '@sluice/filters';

/** Turns plain text into capitals while it streams. */
@Filter({ type: 'outbound' })
export class Shout implements OutboundFilter {
  shouldFilter(response: HttpResponseMessage): boolean {
    return response.status === 200;
  }

  apply(response: HttpResponseMessage): void {
    response.headers.set('x-volume', 'high');
  }

  processContentChunk(_response: HttpResponseMessage, chunk: HttpContent): HttpContent {
    return new HttpContent(Buffer.from(chunk.data.toString('latin1').toUpperCase(), 'latin1'));
  }
}
