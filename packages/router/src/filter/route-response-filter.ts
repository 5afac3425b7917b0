import { Filter } from '@sluice/filters';
import type { HttpResponseMessage, OutboundFilter, SessionContext } from '@sluice/filters';
import { ROUTE } from './route-keys.ts';

/** Changes the header fields of responses as the route of the request says, also of those made here. */
@Filter({ type: 'outbound', name: 'route-response', alwaysRun: true })
export class RouteResponseFilter implements OutboundFilter {
  shouldFilter(_response: HttpResponseMessage, context: SessionContext): boolean {
    return context.get(ROUTE)?.responseHeaders !== undefined;
  }

  apply({ headers }: HttpResponseMessage, context: SessionContext): void {
    context.get(ROUTE)?.responseHeaders?.apply(headers);
  }
}
