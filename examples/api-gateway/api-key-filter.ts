import { Filter, HttpStatusError } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter } from '@sluice/filters';
import { inject } from 'inversify';

/** Who has which key. */
export class ApiKeys {
  readonly #tenants: ReadonlyMap<string, string>;

  constructor(tenants: Iterable<readonly [key: string, tenant: string]>) {
    this.#tenants = new Map(tenants);
  }

  tenantOf(key: string | undefined): string | undefined {
    return key === undefined ? undefined : this.#tenants.get(key);
  }
}

/** Lets in who has a key, and tells the origin whose it is in place of the key. */
@Filter({ type: 'inbound', name: 'api-key' })
export class ApiKeyFilter implements InboundFilter {
  readonly #keys: ApiKeys;

  constructor(@inject(ApiKeys) keys: ApiKeys) {
    this.#keys = keys;
  }

  apply({ headers }: HttpRequestMessage): void {
    const tenant = this.#keys.tenantOf(headers.get('x-api-key'));
    if (tenant === undefined) throw new HttpStatusError(401, 'A valid API key is needed.');
    headers.delete('x-api-key');
    headers.set('x-tenant', tenant);
  }
}
