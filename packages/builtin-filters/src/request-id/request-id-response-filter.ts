import { Filter } from '@sluice/filters';
import type { HttpResponseMessage, OutboundFilter, SessionContext } from '@sluice/filters';
import { inject } from 'inversify';
import type { z } from 'zod';
import { makeRequestId } from './make-request-id.ts';
import { RequestIdOptions } from './request-id-options.ts';
import type { requestIdSchema } from './request-id-options.ts';

/** Tells the client the id of its request; one that was too malformed for inbound filters gets its id here. */
@Filter({ type: 'outbound', name: 'request-id-response', alwaysRun: true })
export class RequestIdResponseFilter implements OutboundFilter {
  readonly #options: RequestIdOptions;

  constructor(@inject(RequestIdOptions) options: z.input<typeof requestIdSchema> = {}) {
    this.#options = new RequestIdOptions(options);
  }

  apply({ headers }: HttpResponseMessage, context: SessionContext): void {
    const { field, format, responseField } = this.#options;
    context.requestId ??= makeRequestId(format, context.channel.clock.epochMs());
    if (responseField) headers.set(field, context.requestId);
  }
}
