import type { HttpContent, HttpHeaders, HttpRequest, HttpResponse } from '@sluice/codec-http';
import { LastHttpContent } from '@sluice/codec-http';

/** A message as it was received, with as much of its body as has come. */
abstract class ReceivedMessage {
  readonly #pieces: Buffer[] = [];
  #last: LastHttpContent | undefined = undefined;

  /** Whether all of it has come, and could be read. */
  get isComplete(): boolean {
    return this.#last !== undefined && this.#last.failure === undefined;
  }

  /** Whether nothing more of it will come, whole or not. */
  get isOver(): boolean {
    return this.#last !== undefined;
  }

  get body(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  /** The body as UTF-8. */
  get text(): string {
    return this.body.toString('utf8');
  }

  /** The fields behind a chunked body; undefined before its end. */
  get trailers(): HttpHeaders | undefined {
    return this.#last?.trailers;
  }

  /** @internal */
  add(content: HttpContent): void {
    this.#pieces.push(Buffer.from(content.data));
    if (content instanceof LastHttpContent) this.#last = content;
  }
}

/** A request as an origin has received it. */
export class ReceivedRequest extends ReceivedMessage {
  readonly method: string;
  readonly target: string;
  readonly authority: string;
  readonly headers: HttpHeaders;

  constructor({ method, target, authority, headers }: HttpRequest) {
    super();
    this.method = method;
    this.target = target;
    this.authority = authority;
    this.headers = headers;
  }
}

/** A response as a client has received it. */
export class ReceivedResponse extends ReceivedMessage {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** The statuses of the interim responses before it. */
  readonly interim: readonly number[];

  constructor({ status, headers }: HttpResponse, interim: readonly number[]) {
    super();
    this.status = status;
    this.headers = headers;
    this.interim = interim;
  }
}
