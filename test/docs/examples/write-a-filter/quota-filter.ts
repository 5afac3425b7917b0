import { ContextKey, Filter, HttpResponseMessage, HttpStatusError } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, OutboundFilter, SessionContext } from '@sluice/filters';
import { inject } from 'inversify';

/** What the filters of one request share, with its type. */
export const CALLS_LEFT = new ContextKey<number>('calls-left');

/** Asks, perhaps over the network, how many calls a client has left. */
export class Quotas {
  async callsLeft(_client: string, _signal: AbortSignal): Promise<number> {
    return 10;
  }
}

@Filter({ type: 'inbound', name: 'quota', timeoutMs: 500, onFailure: 'open' })
export class QuotaFilter implements InboundFilter {
  readonly #quotas: Quotas;

  constructor(@inject(Quotas) quotas: Quotas) {
    this.#quotas = quotas;
  }

  shouldFilter(request: HttpRequestMessage): boolean {
    return request.path.startsWith('/api/');
  }

  async apply({ headers }: HttpRequestMessage, context: SessionContext): Promise<void> {
    const left = await this.#quotas.callsLeft(headers.get('x-client') ?? 'anyone', context.signal);
    context.set(CALLS_LEFT, left);
    if (left > 0) return;
    context.staticResponse = HttpResponseMessage.make(context, { status: 429, body: 'Enough for today.\n' });
  }
}

@Filter({ type: 'outbound', name: 'quota-fields' })
export class QuotaFieldsFilter implements OutboundFilter {
  apply({ headers }: HttpResponseMessage, context: SessionContext): void {
    const left = context.get(CALLS_LEFT);
    if (left !== undefined) headers.set('x-calls-left', String(left));
  }
}

/** To refuse a request: the error endpoint makes the response. */
@Filter({ type: 'inbound', name: 'read-only', before: [QuotaFilter] })
export class ReadOnlyFilter implements InboundFilter {
  apply({ method }: HttpRequestMessage): void {
    if (method !== 'GET' && method !== 'HEAD') throw new HttpStatusError(405, 'This service is read-only.');
  }
}
