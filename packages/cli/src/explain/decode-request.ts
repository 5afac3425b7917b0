import { HttpRequest, HttpServerCodec, HttpServerCodecOptions } from '@sluice/codec-http';
import { EmbeddedChannel } from '@sluice/core';
import type { AskedRequest } from './parse-request.ts';

/** The request as the codec of a listener reads it from the wire; one that it refuses has a `failure`. */
export function decodeRequest(
  { method, target, authority, headers, scheme }: AskedRequest,
  options: Partial<HttpServerCodecOptions> = {},
): HttpRequest {
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...[['Host', authority] as const, ...headers].map((field) => field.join(': ')),
  ];
  const codec = new HttpServerCodec({ ...new HttpServerCodecOptions(), ...options, scheme });
  const channel = new EmbeddedChannel(codec);
  channel.writeInbound(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`));
  const request = channel.readInbound();
  channel.close();
  if (request instanceof HttpRequest) return request;
  throw new TypeError('The codec has made no request of a whole head.');
}
