import { Filter, HttpResponseMessage } from '@sluice/filters';
import type { HttpRequestMessage, ResponseEndpoint, SessionContext } from '@sluice/filters';
import { inject } from 'inversify';
import type { ServiceIdentifier } from 'inversify';
import type { AdminActions } from '../seam/admin-actions.ts';
import type { AdminSource } from '../seam/admin-source.ts';
import { AdminOptions } from './admin-options.ts';
import { AdminQuery } from './admin-query.ts';
import { ADMIN_ROUTES } from './admin-routes.ts';
import { requireToken } from './authorization.ts';
import { RouteFinder } from './route-finder.ts';

export const ADMIN_SOURCE: ServiceIdentifier<AdminSource> = Symbol.for('@sluice/admin:source');
export const ADMIN_ACTIONS: ServiceIdentifier<AdminActions> = Symbol.for('@sluice/admin:actions');

/** Answers an operator. What a request brings is checked in this order: path, method, token, parameters. */
@Filter({ type: 'endpoint', name: 'admin' })
export class AdminEndpoint implements ResponseEndpoint {
  readonly #source: AdminSource;
  readonly #actions: AdminActions;
  readonly #options: AdminOptions;
  readonly #routes = new RouteFinder(ADMIN_ROUTES);

  constructor(
    @inject(ADMIN_SOURCE) source: AdminSource,
    @inject(ADMIN_ACTIONS) actions: AdminActions,
    @inject(AdminOptions) options: AdminOptions,
  ) {
    this.#source = source;
    this.#actions = actions;
    this.#options = options;
  }

  async apply(request: HttpRequestMessage, context: SessionContext): Promise<HttpResponseMessage> {
    const { route, name } = this.#routes.find(request.method, request.path);
    if (route.method === 'POST') requireToken(request.headers, this.#options.token);
    const { status, contentType, body } = await route.answer({
      source: this.#source,
      actions: this.#actions,
      query: new AdminQuery(request.query, route.parameters ?? []),
      name,
      accept: request.headers.get('accept'),
    });
    return HttpResponseMessage.make(context, { status, headers: [['content-type', contentType]], body });
  }
}
