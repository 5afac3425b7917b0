import { readOwnedField, utf8ToLatin1 } from '@sluice/codec-http';
import type { EventLoop } from '@sluice/core';
import { Filter, HttpStatusError } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, SessionContext, Subscribable } from '@sluice/filters';
import { inject } from 'inversify';
import type { z } from 'zod';
import { RequestSizeLimitFilter } from '../request-size-limit/request-size-limit-filter.ts';
import { behind } from '../shared/behind.ts';
import { FaultOptions, MAX_DELAY_MS } from './fault-options.ts';
import type { faultSchema } from './fault-options.ts';
import { Random } from './random.ts';

/** Delays or fails a share of the requests, to see how clients and operators bear it. Does nothing by default. */
@Filter({
  type: 'inbound',
  name: 'fault',
  after: behind(RequestSizeLimitFilter),
  timeoutMs: MAX_DELAY_MS + 1_000,
})
export class FaultFilter implements InboundFilter {
  readonly #options: FaultOptions;
  readonly #random: Random;
  readonly #whenValue: string | undefined;
  #activeDelays = 0;

  constructor(
    @inject(FaultOptions) options: z.input<typeof faultSchema> = {},
    @inject(Random) random: Random = new Random(),
  ) {
    this.#options = new FaultOptions(options);
    this.#random = random;
    const { whenValue } = this.#options;
    this.#whenValue = whenValue === undefined ? undefined : utf8ToLatin1(whenValue);
  }

  shouldFilter({ headers, outboundRequest }: HttpRequestMessage): boolean {
    const { delayPercentage, abortPercentage, whenField } = this.#options;
    if (delayPercentage === 0 && abortPercentage === 0) return false;
    if (whenField === undefined) return true;
    const value = headers.get(whenField) ?? readOwnedField(outboundRequest, whenField);
    return this.#whenValue === undefined ? value !== undefined : value === this.#whenValue;
  }

  apply(_request: HttpRequestMessage, { channel }: SessionContext): void | Subscribable<void> {
    const { delayPercentage, abortPercentage, maxActiveDelays } = this.#options;
    const isDelayed = this.#random.happens(delayPercentage) && this.#activeDelays < maxActiveDelays;
    const isAborted = this.#random.happens(abortPercentage);
    if (isDelayed) return this.#delay(channel.eventLoop, isAborted);
    if (isAborted) throw this.#abortion();
  }

  #delay(eventLoop: EventLoop, isAborted: boolean): Subscribable<void> {
    return {
      subscribe: (observer) => {
        this.#activeDelays++;
        const timer = eventLoop.schedule(this.#options.delayMs, () => {
          if (isAborted) observer.error(this.#abortion());
          else observer.complete();
        });
        return {
          unsubscribe: () => {
            this.#activeDelays--;
            timer.cancel();
          },
        };
      },
    };
  }

  #abortion(): HttpStatusError {
    return new HttpStatusError(this.#options.abortStatus, 'The request was made to fail.', {
      reason: 'http_request_denied',
    });
  }
}
