import { Filter } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, SessionContext } from '@sluice/filters';
import { inject } from 'inversify';
import { RouteTable } from './route-table.ts';

/** Finds the origin of a request in the route table, unless an earlier filter has chosen one. */
@Filter({ type: 'inbound', name: 'router' })
export class RouterFilter implements InboundFilter {
  readonly #routes: RouteTable;

  constructor(@inject(RouteTable) routes: RouteTable) {
    this.#routes = routes;
  }

  shouldFilter(_request: HttpRequestMessage, context: SessionContext): boolean {
    return context.origin === undefined;
  }

  apply(request: HttpRequestMessage, context: SessionContext): void {
    context.origin = this.#routes.find(request.host, request.path)?.origin;
  }
}
