import { Filter, HttpResponseMessage } from '@sluice/filters';
import type { HttpRequestMessage, ResponseEndpoint, SessionContext } from '@sluice/filters';

/** Greets whoever the body names. */
@Filter({ type: 'endpoint' })
export class Hello implements ResponseEndpoint {
  needsBodyBuffered(): boolean {
    return true;
  }

  async apply(request: HttpRequestMessage, context: SessionContext): Promise<HttpResponseMessage> {
    return HttpResponseMessage.make(context, { status: 200, body: `Hello, ${request.bodyAsText}!` });
  }
}
