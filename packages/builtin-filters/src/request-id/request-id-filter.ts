import { Filter } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, SessionContext } from '@sluice/filters';
import { inject } from 'inversify';
import type { z } from 'zod';
import { StripUserFieldFilter } from '../basic-auth/strip-user-field-filter.ts';
import { behind } from '../shared/behind.ts';
import { makeRequestId } from './make-request-id.ts';
import { RequestIdOptions } from './request-id-options.ts';
import type { requestIdSchema } from './request-id-options.ts';

const WELL_FORMED = /^[\w.~+/=:@-]{1,128}$/;

/** Gives each request an id, for the log, the other filters and the origin. */
@Filter({ type: 'inbound', name: 'request-id', after: behind(StripUserFieldFilter) })
export class RequestIdFilter implements InboundFilter {
  readonly #options: RequestIdOptions;

  constructor(@inject(RequestIdOptions) options: z.input<typeof requestIdSchema> = {}) {
    this.#options = new RequestIdOptions(options);
  }

  apply({ headers }: HttpRequestMessage, context: SessionContext): void {
    const { field, format, trustIncoming } = this.#options;
    const told = trustIncoming ? headers.getAll(field) : [];
    const [id = ''] = told;
    if (told.length === 1 && WELL_FORMED.test(id)) {
      context.requestId = id;
      return;
    }
    context.requestId ??= makeRequestId(format, context.channel.clock.epochMs());
    headers.set(field, context.requestId);
  }
}
