import { Buffer } from 'node:buffer';
import { HttpHeaders, utf8ToLatin1 } from '@sluice/codec-http';
import { HttpResponseMessage } from '@sluice/filters';
import type { SessionContext } from '@sluice/filters';

export interface DirectResponseConfig {
  readonly status: number;
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

const PLAIN_TEXT = 'text/plain; charset=utf-8';

/** A response that a route makes itself, the same for each request. */
export class DirectResponse {
  readonly status: number;
  readonly #body: Buffer;
  readonly #headers: HttpHeaders;

  constructor({ status, body = '', headers = {} }: DirectResponseConfig) {
    this.status = status;
    this.#body = Buffer.from(body, 'utf8');
    this.#headers = HttpHeaders.of(
      Object.entries(headers).map(([name, value]) => [name, utf8ToLatin1(value)] as const),
    );
    if (body !== '' && !this.#headers.has('content-type')) this.#headers.add('content-type', PLAIN_TEXT);
  }

  responseFor(context: SessionContext): HttpResponseMessage {
    const { status } = this;
    return HttpResponseMessage.make(context, { status, headers: this.#headers.copy(), body: this.#body });
  }
}
