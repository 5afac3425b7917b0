import type { HttpRequest, HttpResponse } from '@sluice/codec-http';
import type { ChannelPipeline } from '@sluice/core';
import { CompleteEvent, StartEvent } from './lifecycle-events.ts';
import type { CompleteReason } from './lifecycle-events.ts';

/** The one exchange that a connection is in, if any; sees to it that each beginning has one end. */
export class HttpExchange {
  #request: HttpRequest | undefined = undefined;
  #response: HttpResponse | undefined = undefined;
  /** Whether all of the request has passed. */
  isRequestComplete = false;

  get request(): HttpRequest | undefined {
    return this.#request;
  }

  /** The response, once its head has passed; an interim one is none. */
  get response(): HttpResponse | undefined {
    return this.#response;
  }

  begin(pipeline: ChannelPipeline, request: HttpRequest): void {
    this.#request = request;
    this.#response = undefined;
    this.isRequestComplete = request.framing === 'none' && request.failure === undefined;
    pipeline.fireUserEventTriggered(new StartEvent(request));
  }

  responded(response: HttpResponse): void {
    if (!response.isInformational) this.#response = response;
  }

  /** Returns false, and fires nothing, when the exchange is over already. */
  end(pipeline: ChannelPipeline, reason: CompleteReason): boolean {
    const request = this.#request;
    if (request === undefined) return false;
    const event = new CompleteEvent(reason, request, this.#response, this.isRequestComplete);
    this.#request = undefined;
    this.#response = undefined;
    pipeline.fireUserEventTriggered(event);
    return true;
  }
}
