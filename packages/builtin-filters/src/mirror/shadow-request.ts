import { HttpKind, LastHttpContent } from '@sluice/codec-http';
import type { HttpContent, HttpRequest } from '@sluice/codec-http';
import type { Timer } from '@sluice/core';
import type { Downstream, HttpRequestMessage, StreamingEndpoint, Upstream } from '@sluice/filters';

/** Where a copy goes, and for how long. */
export interface ShadowTarget {
  readonly endpoint: StreamingEndpoint;
  readonly hostSuffix: string;
  readonly timeoutMs: number;
}

/** The copy of a request on its way to another origin, whose response is dropped as it comes. */
export class ShadowRequest implements Downstream {
  readonly isRequestComplete = true;
  readonly isWritable = true;
  readonly #request: HttpRequestMessage;
  readonly #onEnd: () => void;
  #upstream: Upstream | undefined = undefined;
  #timer: Timer | undefined = undefined;
  #isOver = false;
  #isComplete = false;

  /** `request`: in a context of its own. `onEnd` is called once, when nothing is under way any more. */
  constructor(request: HttpRequestMessage, onEnd: () => void) {
    this.#request = request;
    this.#onEnd = onEnd;
  }

  /** Sends it; never throws. */
  send(body: Buffer, { endpoint, hostSuffix, timeoutMs }: ShadowTarget): void {
    const request = this.#request;
    this.#timer = request.context.channel.eventLoop.schedule(timeoutMs, () => this.#end(false));
    try {
      request.authority = shadowAuthority(request.outboundRequest, hostSuffix);
      if (request.hasBody) request.setBody(body);
      this.#feed(endpoint.open(request, this), body);
    } catch (cause) {
      this.fail(cause);
    }
  }

  #feed(upstream: Upstream, body: Buffer): void {
    // It may have answered before it has said who is to be told.
    if (this.#isOver) {
      upstream.end(this.#isComplete);
      return;
    }
    this.#upstream = upstream;
    upstream.content(body.length > 0 ? new LastHttpContent(body) : LastHttpContent.EMPTY);
    upstream.flush();
  }

  // From the endpoint.

  inform(): void {}

  respond(): void {}

  content(chunk: HttpContent): void {
    if (chunk.kind === HttpKind.last) this.#end(true);
  }

  tunnel(): void {}

  endTunnel(): void {
    this.#end(false);
  }

  flush(): void {}

  fail(cause: unknown): void {
    const { channel, origin } = this.#request.context;
    channel.logger.debug({ err: cause, origin, channel: channel.toString() }, 'A copy of a request failed.');
    this.#end(false);
  }

  pauseReads(): void {}

  resumeReads(): void {}

  requestTaken(): void {}

  #end(isComplete: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#isComplete = isComplete;
    this.#timer?.cancel();
    this.#upstream?.end(isComplete);
    this.#onEnd();
  }
}

function shadowAuthority({ host, port }: HttpRequest, suffix: string): string {
  // An IPv6 address can't be the start of a name.
  const name = host === '' || host.endsWith(']') ? host : `${host}${suffix}`;
  return port === undefined ? name : `${name}:${port}`;
}
