import { HttpHeaders, HttpRequest } from '@sluice/codec-http';
import { EmbeddedChannel } from '@sluice/core';
import { HttpRequestMessage, SessionContext } from '@sluice/filters';
import { RouteActionFilter, RouterFilter, RouteTable, RouteTables } from '@sluice/router';
import type { AmbiguousPaths, RouteDeclaration, RouterDeclaration } from '@sluice/router';

export interface Asked {
  readonly method?: string;
  readonly authority?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly upgrade?: string;
  /** The host at the other end of the connection. */
  readonly client?: string;
}

export function requestFor(target: string, asked: Asked = {}): HttpRequest {
  const { method = 'GET', authority = 'a.example', headers = {}, upgrade } = asked;
  return new HttpRequest({
    method,
    target,
    authority,
    upgrade,
    headers: HttpHeaders.of(Object.entries(headers)),
  });
}

export function messageFor(target: string, asked?: Asked): HttpRequestMessage {
  const { client } = asked ?? {};
  const channel = new EmbeddedChannel(
    client === undefined ? {} : { remoteAddress: { host: client, port: 1 } },
  );
  return new HttpRequestMessage(requestFor(target, asked), new SessionContext(channel, 0));
}

/** The place of the route that a request takes among these; undefined for none. */
export function indexOfRoute(
  routes: readonly Omit<RouteDeclaration, 'origin'>[],
  target: string,
  asked?: Asked,
): number | undefined {
  return tableOf(routes).find(requestFor(target, asked))?.index;
}

/** Routes that all lead to one origin. */
export function tableOf(
  routes: readonly Omit<RouteDeclaration, 'origin'>[],
  ambiguousPaths?: AmbiguousPaths,
): RouteTable {
  return new RouteTable({ routes: routes.map((route) => ({ origin: 'o', ...route })), ambiguousPaths });
}

/** Takes a request through the inbound filters of the router. */
export function routed(
  declaration: RouterDeclaration | readonly RouteDeclaration[],
  target: string,
  { random = () => 0, ...asked }: Asked & { readonly random?: () => number } = {},
): HttpRequestMessage {
  const declared = 'length' in declaration ? { routes: declaration } : declaration;
  const request = messageFor(target, asked);
  const router = new RouterFilter(new RouteTables(new RouteTable(declared)), { random });
  if (router.shouldFilter(request, request.context)) router.apply(request, request.context);
  const action = new RouteActionFilter();
  if (action.shouldFilter(request, request.context)) action.apply(request, request.context);
  return request;
}
