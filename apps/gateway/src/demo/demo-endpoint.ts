import { Filter, HttpResponseMessage } from '@sluice/filters';
import type { HttpRequestMessage, ResponseEndpoint, SessionContext } from '@sluice/filters';
import { inject } from 'inversify';

/** What a demo origin calls itself. */
export class DemoOptions {
  readonly name: string = 'demo';
}

/** Answers with what reached it, so that one can see what the gateway does to a request. */
@Filter({ type: 'endpoint', name: 'demo' })
export class DemoEndpoint implements ResponseEndpoint {
  readonly #options: DemoOptions;

  constructor(@inject(DemoOptions) options: DemoOptions) {
    this.#options = options;
  }

  needsBodyBuffered(): boolean {
    return true;
  }

  apply(request: HttpRequestMessage, context: SessionContext): HttpResponseMessage {
    const echo = {
      origin: this.#options.name,
      method: request.method,
      target: request.target,
      host: request.authority,
      headers: Object.fromEntries(request.headers),
      bodyBytes: request.body?.length ?? 0,
    };
    return HttpResponseMessage.make(context, {
      status: 200,
      headers: [['content-type', 'application/json']],
      body: `${JSON.stringify(echo, undefined, 2)}\n`,
    });
  }
}
