import { Filter, HttpStatusError } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter } from '@sluice/filters';

/** Lets nobody in who has no key, and keeps the key from the origin. */
@Filter({ type: 'inbound' })
export class RequireApiKey implements InboundFilter {
  apply(request: HttpRequestMessage): void {
    if (!request.headers.has('x-api-key')) throw new HttpStatusError(401, 'An API key is needed.');
    request.headers.delete('x-api-key');
  }
}
