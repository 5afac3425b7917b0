import { canonicalHost } from '@sluice/codec-http';
import type { HttpRequestMessage } from '@sluice/filters';
import { schemeOf } from '@sluice/handler-tls';
import type { RedirectRule } from './redirect-options.ts';

const DEFAULT_PORT = { http: 80, https: 443 } as const;

/**
 * Where a rule, whose host is canonical, sends a request; undefined when it does not match or leads back to the
 * same place.
 *
 * The location is always absolute, so that a path like `//evil.example` can't name a host.
 */
export function redirectLocation(request: HttpRequestMessage, rule: RedirectRule): string | undefined {
  const { match, to, keepQuery } = rule;
  const { path, query, host, authority } = request;
  const scheme = schemeOf(request.context.channel);
  const isMatch =
    (match.scheme ?? scheme) === scheme && isHost(match.host, host) && isUnder(path, match.pathPrefix);
  if (!isMatch) return undefined;
  const target = {
    scheme: to.scheme ?? scheme,
    host: to.host ?? host,
    port: to.port ?? (to.scheme === undefined && to.host === undefined ? portOf(request) : undefined),
  };
  const newPath = to.pathPrefix === undefined ? path : replaced(path, match.pathPrefix, to.pathPrefix);
  const location = `${baseOf(target)}${newPath}${keepQuery && query !== undefined ? `?${query}` : ''}`;
  return location === `${scheme}://${authority}${request.target}` ? undefined : location;
}

interface Base {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number | undefined;
}

function baseOf({ scheme, host, port }: Base): string {
  return `${scheme}://${host}${port === undefined || port === DEFAULT_PORT[scheme] ? '' : `:${port}`}`;
}

function portOf({ outboundRequest }: HttpRequestMessage): number | undefined {
  return outboundRequest.port;
}

function isHost(wanted: string | undefined, host: string): boolean {
  return wanted === undefined || wanted === canonicalHost(host);
}

function isUnder(path: string, prefix: string): boolean {
  if (!path.startsWith(prefix)) return false;
  return prefix.endsWith('/') || path.length === prefix.length || path[prefix.length] === '/';
}

function replaced(path: string, prefix: string, replacement: string): string {
  const rest = path.slice(prefix.endsWith('/') ? prefix.length - 1 : prefix.length);
  return replacement.endsWith('/') && rest.startsWith('/') ? replacement + rest.slice(1) : replacement + rest;
}
