import type { HttpContent } from '@sluice/codec-http';
import { Filter, HttpResponseMessage } from '@sluice/filters';
import type { Downstream, HttpRequestMessage, StreamingEndpoint, Upstream } from '@sluice/filters';
import { responseObjects } from './http/message-init.ts';
import type { ResponseInit } from './http/message-init.ts';
import { ReceivedRequest } from './http/received-message.ts';

type Answer = ResponseInit | ((request: ReceivedRequest) => ResponseInit);

/** The endpoint in the place of a proxied origin: keeps what it would have been sent, and answers. */
@Filter({ type: 'endpoint', name: 'stand-in-origin' })
export class StandInOrigin implements StreamingEndpoint {
  readonly #answer: Answer;
  request: ReceivedRequest | undefined = undefined;

  constructor(answer: Answer) {
    this.#answer = answer;
  }

  open({ outboundRequest, context }: HttpRequestMessage, downstream: Downstream): Upstream {
    const request = new ReceivedRequest(outboundRequest);
    this.request = request;
    const content = (chunk: HttpContent): void => {
      request.add(chunk);
      if (!request.isOver) return;
      const answer = typeof this.#answer === 'function' ? this.#answer(request) : this.#answer;
      const [head, end] = responseObjects(answer);
      downstream.respond(new HttpResponseMessage(head, context));
      downstream.content(end);
    };
    return { ...NOTHING, content };
  }
}

const NOTHING: Omit<Upstream, 'content'> = {
  tunnel: () => {},
  endTunnel: () => {},
  flush: () => {},
  downstreamWritabilityChanged: () => {},
  end: () => {},
};
