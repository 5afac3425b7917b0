import type { HttpContent, HttpDecodeFailure, LastHttpContent } from '../src/index.ts';
import { HttpRequest, HttpRequestDecoder, HttpResponse, HttpResponseDecoder } from '../src/index.ts';
import type { HttpResponseDecoderOptions, HttpServerCodecOptions } from '../src/index.ts';

/** A message as a decoder reported it, in a form that is easy to compare. */
export interface Seen {
  start: string;
  fields: string[];
  body: string;
  trailers: string[];
  failure: HttpDecodeFailure | undefined;
  complete: boolean;
}

/** Gathers what a decoder reports into messages. */
export class Collector {
  readonly messages: Seen[] = [];

  onHead(head: HttpRequest | HttpResponse): void {
    this.messages.push({
      start:
        head instanceof HttpRequest
          ? `${head.method} ${head.target} ${head.authority}`
          : `${head.status} ${head.reason}`,
      fields: linesOf(head.headers),
      body: '',
      trailers: [],
      failure: head.failure?.reason,
      complete: false,
    });
  }

  onContent(content: HttpContent): void {
    this.#last.body += content.data.toString('latin1');
  }

  onLast(last: LastHttpContent): void {
    this.onContent(last);
    this.#last.trailers = linesOf(last.trailers);
    this.#last.failure ??= last.failure?.reason;
    this.#last.complete = true;
  }

  get #last(): Seen {
    const last = this.messages.at(-1);
    if (last === undefined) throw new Error('There is no message yet.');
    return last;
  }
}

/** Decodes requests that arrive in these pieces, one after the other; then the client ends its side. */
export function decodeRequests(pieces: readonly Buffer[], options?: Partial<HttpServerCodecOptions>): Seen[] {
  const collector = new Collector();
  const decoder = new HttpRequestDecoder(collector, options);
  for (const piece of pieces) {
    decoder.decode(piece);
    while (decoder.isPaused && decoder.hasUnread) decoder.resume();
    if (decoder.isPaused) decoder.resume();
  }
  decoder.finish();
  decoder.dispose();
  return collector.messages;
}

/** Decodes the response to one request; then the server ends its side. */
export function decodeResponse(
  pieces: readonly Buffer[],
  request: { method?: string; upgrade?: string } = {},
  options?: HttpResponseDecoderOptions,
): Seen[] {
  const collector = new Collector();
  const decoder = new HttpResponseDecoder(collector, options);
  decoder.expect(request.method ?? 'GET', request.upgrade);
  for (const piece of pieces) decoder.decode(piece);
  decoder.finish();
  decoder.dispose();
  return collector.messages;
}

export function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

export function byteByByte(text: string): Buffer[] {
  return Array.from(text, bytes);
}

/** Every way to cut a text in two. */
export function everySplit(text: string): Buffer[][] {
  return Array.from({ length: text.length + 1 }, (_, at) => [
    bytes(text.slice(0, at)),
    bytes(text.slice(at)),
  ]);
}

function linesOf(headers: Iterable<readonly [string, string]>): string[] {
  return Array.from(headers, ([name, value]) => `${name}: ${value}`);
}
