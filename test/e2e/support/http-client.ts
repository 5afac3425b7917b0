import { once } from 'node:events';
import { request } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly trailers: IncomingMessage['trailers'];
  readonly body: Buffer;
}

/** One request with Node's own client, and its whole response. */
export async function ask(
  port: number,
  options: RequestOptions = {},
  body?: Uint8Array,
  trailers?: Readonly<Record<string, string>>,
): Promise<Answer> {
  const sent = request({ host: '127.0.0.1', port, agent: false, ...options });
  if (trailers !== undefined) {
    sent.setHeader('trailer', Object.keys(trailers).join(', '));
    sent.addTrailers(trailers);
  }
  sent.end(body);
  return answerTo(sent);
}

/** The whole response to a request that was sent. */
export async function answerTo(sent: ClientRequest): Promise<Answer> {
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: await bodyOf(response),
    trailers: response.trailers,
  };
}

export async function bodyOf(message: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of message) pieces.push(piece);
  return Buffer.concat(pieces);
}
