import { Filter, HttpResponseMessage } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, SessionContext } from '@sluice/filters';
import { schemeOf } from '@sluice/handler-tls';
import type { Route } from '../route.ts';
import { ROUTE } from './route-keys.ts';

/**
 * Does what the route of a request says, behind the other inbound filters: answers with its redirect
 * or response, or makes the request what the origin is to get. A filter that has chosen an
 * endpoint, an origin or a response has the last word on who answers.
 */
@Filter({ type: 'inbound', name: 'route-action', alwaysRun: true, required: true })
export class RouteActionFilter implements InboundFilter {
  shouldFilter(_request: HttpRequestMessage, { staticResponse, endpoint }: SessionContext): boolean {
    return staticResponse === undefined && endpoint === undefined;
  }

  apply(request: HttpRequestMessage, context: SessionContext): void {
    const route = context.get(ROUTE);
    if (context.origin !== undefined) {
      if (route !== undefined) prepare(request, route);
    } else if (route !== undefined) answer(request, route);
  }
}

function prepare(request: HttpRequestMessage, { rewritePath, rewriteHost, requestHeaders }: Route): void {
  if (rewritePath !== undefined && request.path.startsWith('/')) request.path = rewritePath(request.path);
  if (rewriteHost !== undefined) request.authority = rewriteHost;
  requestHeaders?.apply(request.headers);
}

function answer(request: HttpRequestMessage, { action }: Route): void {
  const { context } = request;
  if (action.kind === 'origin') return;
  context.responseCodeDetails = 'direct_response';
  context.staticResponse =
    action.kind === 'response' ? action.response.responseFor(context) : redirectOf(request, action.redirect);
}

function redirectOf(
  { context, outboundRequest }: HttpRequestMessage,
  redirect: Extract<Route['action'], { kind: 'redirect' }>['redirect'],
): HttpResponseMessage {
  const headers = [['location', redirect.locationOf(outboundRequest, schemeOf(context.channel))]] as const;
  return HttpResponseMessage.make(context, { status: redirect.status, headers });
}
