import { HttpContent, HttpHeaders, HttpRequest, HttpResponse, LastHttpContent } from '@sluice/codec-http';
import type { HeaderFields, HttpObject } from '@sluice/codec-http';

/** A request in short. */
export interface RequestInit {
  /** Default: GET. */
  readonly method?: string;
  /** Default: `/`. */
  readonly target?: string;
  /** Default: `gateway.test`. */
  readonly host?: string;
  readonly headers?: HeaderFields;
  /** Text is sent as UTF-8. Default: none. */
  readonly body?: string | Uint8Array;
}

/** A response in short. */
export interface ResponseInit {
  /** Default: 200. */
  readonly status?: number;
  readonly headers?: HeaderFields;
  /** Text is sent as UTF-8. Default: empty. */
  readonly body?: string | Uint8Array;
}

/** The request as a codec writes it: head and end. Throws an InvalidHeaderError for what can't be sent. */
export function requestObjects(init: RequestInit): readonly HttpObject[] {
  const { method = 'GET', target = '/', host = 'gateway.test', headers = [], body } = init;
  const head = new HttpRequest({
    method,
    target,
    authority: host,
    headers: HttpHeaders.of(headers),
    ...(body !== undefined && { contentLength: bytesOf(body).length }),
  });
  return [head, endOf(body)];
}

/** The response as a codec writes it: head and end. Throws an InvalidHeaderError for what can't be sent. */
export function responseObjects(init: ResponseInit): readonly [HttpResponse, HttpContent] {
  const { status = 200, headers = [], body = '' } = init;
  const isBodiless = status === 204 || status === 304;
  const head = new HttpResponse({
    status,
    headers: HttpHeaders.of(headers),
    ...(isBodiless ? { framing: 'none' } : { contentLength: bytesOf(body).length }),
  });
  return [head, endOf(isBodiless ? undefined : body)];
}

function endOf(body: string | Uint8Array | undefined): LastHttpContent {
  return body === undefined ? LastHttpContent.EMPTY : new LastHttpContent(bytesOf(body));
}

function bytesOf(body: string | Uint8Array): Buffer {
  return typeof body === 'string' ? Buffer.from(body, 'utf8') : Buffer.from(body);
}
