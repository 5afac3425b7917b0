import type { HttpResponseMessage } from '../message/http-response-message.ts';
import { problemOf } from './problem.ts';

/** What `answers with its own response` is called in RFC 9209 §2.3.31. */
const NO_ERROR = 'proxy_internal_response';
const FALLBACK = 'proxy_internal_error';

// RFC 8941 §3.3.4.
const TOKEN = /^[A-Za-z*][\w!#$%&'*+\-.^`|~:/]*$/;

const VIA_UPSTREAM = 'via_upstream';

/**
 * Says in `Proxy-Status` (RFC 9209) that a response comes from this gateway and no origin, and why.
 * One that an origin made, or that says so itself, stays as it is.
 */
export function addProxyStatus(response: HttpResponseMessage, proxyName: string | undefined): void {
  const { context, headers, isStreaming } = response;
  if (proxyName === undefined || (isStreaming && context.responseCodeDetails === VIA_UPSTREAM)) return;
  if (headers.has('proxy-status')) return;
  const error = context.shouldSendErrorResponse ? problemOf(context.error).reason : NO_ERROR;
  headers.set('proxy-status', `${proxyName}; error=${TOKEN.test(error) ? error : FALLBACK}`);
}

/** Whether a name can stand in `Proxy-Status` as it is. */
export function isProxyName(name: string): boolean {
  return TOKEN.test(name);
}
