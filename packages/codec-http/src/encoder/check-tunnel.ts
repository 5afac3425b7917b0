import type { HttpRequest } from '../message/http-request.ts';
import type { HttpResponse } from '../message/http-response.ts';
import { HttpEncodeError } from './http-encode-error.ts';

/**
 * Throws a HttpEncodeError when a response opens a tunnel that the client has not asked for, or
 * would seem to it to open one (RFC 9110 §15.2.2, §9.3.6).
 */
export function checkTunnel(response: HttpResponse, request: HttpRequest | undefined): void {
  const { status, opensTunnel, upgrade } = response;
  const isConnect = request?.method === 'CONNECT';
  if (status === 101) {
    if (upgrade !== undefined && upgrade === request?.upgrade) return;
    throw new HttpEncodeError('A 101 must name the protocol that the request asks for in "upgrade".');
  }
  if (opensTunnel && !isConnect) throw new HttpEncodeError('Only a CONNECT can be accepted as one.');
  if (isConnect && !opensTunnel && status >= 200 && status < 300) {
    throw new HttpEncodeError('To a client any 2xx to CONNECT opens a tunnel: "acceptsConnect" is missing.');
  }
}
