import type { HttpRequest } from '../message/http-request.ts';
import type { HttpHeaders } from '../message/http-headers.ts';
import type { HttpResponse } from '../message/http-response.ts';
import { reasonPhraseOf } from '../message/reason-phrases.ts';

/** How the end of a body is marked on the wire. */
export const Framing = Object.freeze({
  /** No body: what is written as one is dropped. */
  none: 0,
  length: 1,
  chunked: 2,
  /** The end of the connection. */
  close: 3,
});

/**
 * A head as it goes onto the wire, without the empty line. The text stands in front of the message's own fields,
 * which are mostly copied as they were received: so it is one piece, and costs one call into native code.
 */
export interface WireHead {
  /** The start line, and the fields that the codec owns. */
  readonly text: string;
  readonly headers: HttpHeaders;
  /** One of {@link Framing}. */
  readonly framing: number;
  /** Bytes of the body with `Framing.length`. */
  readonly length: number;
}

/** What the framing of a response depends on besides the response. */
export interface ResponsePeer {
  readonly isHead: boolean;
  readonly minorVersion: 0 | 1;
  /** Whether the connection goes on after this response. */
  readonly keepAlive: boolean;
}

/** Makes the head of a request. The Host field always comes first (RFC 9110 §7.2). */
export function requestHead(request: HttpRequest): WireHead {
  const { framing, contentLength } = request;
  let fields = '';
  if (framing === 'chunked') fields = 'transfer-encoding: chunked\r\n';
  else if (framing === 'length') fields = `content-length: ${contentLength}\r\n`;
  if (request.expectsContinue) fields += 'expect: 100-continue\r\n';
  if (request.upgrade !== undefined) fields += `connection: upgrade\r\nupgrade: ${request.upgrade}\r\n`;
  else if (!request.keepAlive) fields += 'connection: close\r\n';
  return {
    text: `${request.method} ${request.target} HTTP/1.1\r\nHost: ${request.authority}\r\n${fields}`,
    headers: request.headers,
    framing: framing === 'chunked' ? Framing.chunked : framing === 'length' ? Framing.length : Framing.none,
    length: framing === 'length' ? contentLength : 0,
  };
}

/** Makes the head of a response for this peer. */
export function responseHead(response: HttpResponse, peer: ResponsePeer): WireHead {
  const framing = responseFraming(response, peer);
  const fields = `${lengthField(response, framing)}${connectionField(response, peer, framing)}${dateField(response)}`;
  return {
    text: statusLine(response) + fields,
    headers: response.headers,
    framing,
    length: response.framing === 'length' ? response.contentLength : 0,
  };
}

// The start lines with the usual phrases, by status: put together once.
const usualLines: string[] = [];

function statusLine({ status, reason }: HttpResponse): string {
  if (reason !== reasonPhraseOf(status)) return `HTTP/1.1 ${status} ${reason}\r\n`;
  return (usualLines[status] ??= `HTTP/1.1 ${status} ${reason}\r\n`);
}

let latestDate: string | undefined = undefined;
let latestDateField = '';

// All responses of a second have the same.
function dateField({ date }: HttpResponse): string {
  if (date === undefined) return '';
  if (date !== latestDate) {
    latestDate = date;
    latestDateField = `Date: ${date}\r\n`;
  }
  return latestDateField;
}

function responseFraming(response: HttpResponse, peer: ResponsePeer): number {
  const { status } = response;
  if (response.opensTunnel || peer.isHead) return Framing.none;
  if (status < 200 || status === 204 || status === 205 || status === 304) return Framing.none;
  if (response.framing === 'length' || response.framing === 'none') return Framing.length;
  return peer.minorVersion === 1 ? Framing.chunked : Framing.close;
}

function lengthField(response: HttpResponse, framing: number): string {
  const { status, contentLength } = response;
  // RFC 9110 §9.3.6: a 2xx to CONNECT has neither length nor coding.
  if (response.opensTunnel) return '';
  if (framing === Framing.chunked) return 'transfer-encoding: chunked\r\n';
  if (framing === Framing.length)
    return `content-length: ${response.framing === 'none' ? 0 : contentLength}\r\n`;
  // RFC 9110 §15.3.6: a 205 says that it has no content.
  if (status === 205) return 'content-length: 0\r\n';
  // RFC 9110 §8.6: never in a 1xx or 204; else what a GET would have.
  return framing === Framing.none && status >= 200 && status !== 204 && contentLength >= 0
    ? `content-length: ${contentLength}\r\n`
    : '';
}

function connectionField(response: HttpResponse, peer: ResponsePeer, framing: number): string {
  if (response.status === 101) return `connection: upgrade\r\nupgrade: ${response.upgrade ?? ''}\r\n`;
  if (response.status < 200 || response.opensTunnel) return '';
  if (!peer.keepAlive || framing === Framing.close) return 'connection: close\r\n';
  return peer.minorVersion === 0 ? 'connection: keep-alive\r\n' : '';
}
