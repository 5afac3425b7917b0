import type { HttpRequest } from '@sluice/codec-http';
import type { FilterClass } from '@sluice/filters';
import type { OriginConfig } from '@sluice/origin';
import { filterOptions } from '@sluice/filters';
import { explainRoute, RouterFilter, RouteTable } from '@sluice/router';
import type { Route, RouteExplanation, RoutePassedOver, RouterDeclaration } from '@sluice/router';
import { decodeRequest } from './decode-request.ts';
import { filterSteps } from './filter-steps.ts';
import type { FilterSteps } from './filter-steps.ts';
import { describeListener, listenersFor } from './listeners-for.ts';
import type { ExplainedListener } from './listeners-for.ts';
import type { AskedRequest } from './parse-request.ts';
import { explainedOrigins } from './explained-origin.ts';
import type { ExplainedOrigin } from './explained-origin.ts';

const ROUTER = filterOptions(RouterFilter).name;

/** What a request can meet. */
export interface ExplainedGateway {
  readonly listeners: readonly ExplainedListener[];
  readonly router: RouterDeclaration;
  readonly filters: readonly FilterClass[];
  readonly origins: readonly OriginConfig[];
  /** Replaces what the configuration knows as secrets. Absent: it knows of none. */
  readonly hideSecrets?: <Shown>(shown: Shown) => Shown;
}

/** A response that is made here. */
export interface OwnAnswer {
  readonly status: number;
  readonly location?: string;
  /** What it is for, in words. */
  readonly because: string;
  /** Who ends the way: the codec, so that no inbound filter runs; the router, and none behind it runs; or the route. */
  readonly by: 'codec' | 'router' | 'route';
}

/** What an origin is sent, as the route has it: before filters and the fields that the proxy adds. */
export interface SentRequest {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** The way that a request takes through a gateway. Plain data, for people and programs. */
export interface RequestWay {
  readonly request: Pick<AskedRequest, 'method' | 'scheme' | 'authority' | 'target'>;
  /** All that it may come to. */
  readonly listeners: readonly string[];
  /** Why it comes to none of them as it is asked for; undefined where it does. */
  readonly listenerNote: string | undefined;
  /** Undefined when none serves the host. */
  readonly virtualHost: string | undefined;
  readonly route: ExplainedRoute | undefined;
  /** Earlier routes, or all when none was taken, with what kept the request from them. */
  readonly passedOver: readonly RoutePassedOver[];
  /** Those that come to run, as far as the declaration can tell. */
  readonly filters: FilterSteps;
  /** What is answered without asking an origin; undefined when one is asked. */
  readonly answer: OwnAnswer | undefined;
  readonly origins: readonly ExplainedOrigin[];
  readonly sent: SentRequest | undefined;
}

/** A route that is taken. */
export interface ExplainedRoute {
  readonly name: string;
  readonly place: string;
  readonly path: string;
  readonly conditions: readonly string[];
  /** Times and retries that it sets; undefined: those of the origin. */
  readonly upstream: object | undefined;
}

/** Finds the way of a request without sending it, fit to be shown. Throws a SluiceError for routes that are wrong. */
export function requestWay(gateway: ExplainedGateway, asked: AskedRequest): RequestWay {
  const way = wayOf(gateway, asked);
  return gateway.hideSecrets?.(way) ?? way;
}

function wayOf(gateway: ExplainedGateway, asked: AskedRequest): RequestWay {
  const { routes, virtualHosts, ambiguousPaths } = gateway.router;
  const table = new RouteTable({ routes, virtualHosts, ambiguousPaths });
  const { listeners, note } = listenersFor(asked, gateway.listeners);
  const request = decodeRequest(asked, listeners[0]?.codec);
  const { method, scheme, authority, target } = asked;
  const common = {
    request: { method, scheme, authority, target },
    listeners: listeners.map(describeListener),
    listenerNote: note,
  };
  if (request.failure !== undefined) {
    const { status, message } = request.failure;
    const answer = { status, because: message, by: 'codec' } as const;
    const unrouted = {
      virtualHost: undefined,
      route: undefined,
      passedOver: [],
      origins: [],
      sent: undefined,
    };
    return { ...common, ...unrouted, answer, filters: { ...filterSteps(gateway.filters), inbound: [] } };
  }
  return { ...common, ...routed(gateway, explainRoute(table, request, scheme), request, scheme) };
}

function routed(
  gateway: ExplainedGateway,
  explained: RouteExplanation,
  request: HttpRequest,
  scheme: AskedRequest['scheme'],
): Omit<RequestWay, 'request' | 'listeners' | 'listenerNote'> {
  const { virtualHost, passedOver } = explained;
  const route = explained.isRefused ? undefined : explained.route;
  const answer = answerOf(explained, request, scheme);
  const steps = filterSteps(gateway.filters, route?.filters);
  const origins =
    route?.action.kind === 'origin' ? explainedOrigins(route.action.origins, gateway.origins) : [];
  return {
    virtualHost,
    route: route && explainedRoute(route),
    passedOver,
    filters: answer?.by === 'router' ? upToRouter(steps) : steps,
    answer,
    origins,
    sent:
      answer === undefined && route !== undefined ? sentRequest(explained.path, route, request) : undefined,
  };
}

function explainedRoute({ name, place, path, conditions, upstream }: Route): ExplainedRoute {
  const texts = conditions.map(({ text }) => text);
  return { name, place, path: path.toString(), conditions: texts, upstream };
}

function answerOf(
  { route, virtualHost, isRefused }: RouteExplanation,
  request: HttpRequest,
  scheme: AskedRequest['scheme'],
): OwnAnswer | undefined {
  if (isRefused) return { status: 400, because: 'the path can be read in more than one way', by: 'router' };
  if (route === undefined && request.method === 'CONNECT')
    return { status: 405, because: 'no route allows CONNECT', by: 'router' };
  if (route === undefined) {
    const missing = virtualHost === undefined ? `no virtual host serves ${request.host}` : 'no route matches';
    return { status: 404, because: missing, by: 'route' };
  }
  const { action, name } = route;
  if (action.kind === 'origin') return undefined;
  const because = `the route ${name} says so`;
  if (action.kind === 'response') return { status: action.response.status, because, by: 'route' };
  const location = action.redirect.locationOf(request, scheme);
  return { status: action.redirect.status, location, because, by: 'route' };
}

/** What the router throws ends the inbound filters there. */
function upToRouter(steps: FilterSteps): FilterSteps {
  const router = steps.inbound.findIndex(({ name }) => name === ROUTER);
  return { ...steps, inbound: steps.inbound.slice(0, router + 1) };
}

function sentRequest(path: string, route: Route, request: HttpRequest): SentRequest {
  const { rewritePath, rewriteHost, requestHeaders, upstream } = route;
  const headers = request.headers.copy();
  requestHeaders?.apply(headers);
  const { method, query, authority } = request;
  const isPath = request.path.startsWith('/');
  const changed = rewritePath === undefined ? path : rewritePath(path);
  const target = isPath ? `${changed}${query === undefined ? '' : `?${query}`}` : request.target;
  // Which server it is, is not decided before it is sent.
  const host = upstream?.autoHost === true ? 'that of the server' : (rewriteHost ?? authority);
  return { method, target, host, headers: [...headers] };
}
