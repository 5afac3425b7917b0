import {
  BasicAuthFilter,
  BasicAuthOptions,
  CorsFilter,
  CorsOptions,
  FaultFilter,
  FaultOptions,
  HealthCheckFilter,
  HealthCheckOptions,
  IpAccessFilter,
  IpAccessOptions,
  EarlyRateLimitFilter,
  RateLimitFilter,
  RateLimitOptions,
  RedirectFilter,
  RedirectOptions,
  RequestSizeLimitFilter,
  RequestSizeLimitOptions,
} from '@sluice/builtin-filters';
import type { TestGatewayDeclaration } from '@sluice/testing';
import type { FilterClass } from '@sluice/filters';
import type { Newable } from 'inversify';
import { bound, GET, POST, withOrigin } from './local-reply.ts';
import type { LocalReply } from './local-reply.ts';

const DENIED = { status: 403, error: 'http_request_denied' } as const;
const ANSWER = { error: 'proxy_internal_response' } as const;
const PREFLIGHT =
  'OPTIONS / HTTP/1.1\r\nHost: a\r\nOrigin: https://b.example\r\nAccess-Control-Request-Method: PUT\r\n\r\n';
const login = (password: string): string =>
  `GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic ${btoa(`ada:${password}`)}\r\n\r\n`;
// Of no password, and slow enough to find out for a second one to come meanwhile.
const HASH = `$scrypt$ln=14,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** What the built-in filters answer in place of an origin. */
export const REPLIES_OF_BUILTIN_FILTERS: readonly LocalReply[] = [
  {
    ...DENIED,
    details: 'http_request_denied{ip-access}',
    declaration: filtered(IpAccessFilter, IpAccessOptions, { allow: ['192.0.2.0/24'] }),
  },
  {
    ...DENIED,
    status: 429,
    details: 'http_request_denied{early-rate-limit}',
    declaration: filtered(EarlyRateLimitFilter, RateLimitOptions, { maxTokens: 1 }),
    bytes: `${GET}${GET}`,
  },
  {
    ...DENIED,
    status: 429,
    details: 'http_request_denied{rate-limit}',
    declaration: filtered(RateLimitFilter, RateLimitOptions, { maxTokens: 1 }),
    bytes: `${GET}${GET}`,
  },
  {
    ...DENIED,
    status: 401,
    details: 'http_request_denied{basic-auth}',
    declaration: filtered(BasicAuthFilter, BasicAuthOptions, { users: [{ name: 'ada', hash: HASH }] }),
  },
  {
    details: 'password_verification_limit',
    status: 503,
    error: 'proxy_internal_error',
    declaration: filtered(BasicAuthFilter, BasicAuthOptions, {
      users: [{ name: 'ada', hash: HASH }],
      maxConcurrentVerifications: 1,
      maxPendingVerifications: 0,
    }),
    before: (gateway) => void gateway.connectRaw().send(login('x')),
    bytes: login('y'),
  },
  {
    ...DENIED,
    details: 'http_request_denied{cors}',
    declaration: filtered(CorsFilter, CorsOptions, { allowedOrigins: ['https://c.example'] }),
    bytes: PREFLIGHT,
  },
  {
    ...DENIED,
    status: 503,
    details: 'http_request_denied{fault}',
    declaration: filtered(FaultFilter, FaultOptions, { abortPercentage: 100, abortStatus: 503 }),
  },
  {
    details: 'http_body_too_large{request-size-limit}',
    status: 413,
    error: 'http_body_too_large',
    declaration: filtered(RequestSizeLimitFilter, RequestSizeLimitOptions, { maxBodyBytes: 8 }),
    bytes: POST,
  },
  {
    ...ANSWER,
    details: 'cors',
    status: 204,
    declaration: filtered(CorsFilter, CorsOptions, { allowedOrigins: ['https://b.example'] }),
    bytes: PREFLIGHT,
  },
  {
    ...ANSWER,
    details: 'health_check',
    status: 200,
    declaration: filtered(HealthCheckFilter, HealthCheckOptions, { path: '/' }),
  },
  {
    ...ANSWER,
    details: 'redirect',
    status: 308,
    declaration: filtered(RedirectFilter, RedirectOptions, { rules: [{ to: { host: 'b' }, status: 308 }] }),
  },
];

function filtered(filter: FilterClass, type: Newable<object>, options: object): TestGatewayDeclaration {
  const origin = withOrigin('HTTP/1.1 204 No Content\r\n\r\n');
  return { ...origin, filters: [filter], modules: [bound(type, options)] };
}
