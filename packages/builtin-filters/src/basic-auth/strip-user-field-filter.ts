import { FieldNameSet, HttpKind } from '@sluice/codec-http';
import type { HttpContent, LastHttpContent } from '@sluice/codec-http';
import { Filter } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter } from '@sluice/filters';
import { RouterFilter } from '@sluice/router';
import { inject } from 'inversify';
import type { z } from 'zod';
import { BasicAuthOptions } from './basic-auth-options.ts';
import type { basicAuthSchema } from './basic-auth-options.ts';

/**
 * Takes the field that tells the origin the user's name (`userField`) out of what clients send, its
 * aliases with `_` or `.` and those in trailers too. It stands before the router: no route is chosen by
 * such a field, and none turns this off with the authentication.
 */
@Filter({ type: 'inbound', name: 'strip-user-field', before: [RouterFilter], keepsBody: true })
export class StripUserFieldFilter implements InboundFilter {
  readonly #names: FieldNameSet | undefined;

  constructor(@inject(BasicAuthOptions) options: z.input<typeof basicAuthSchema> = {}) {
    const { userField } = new BasicAuthOptions(options);
    this.#names = userField === undefined ? undefined : aliasesOf(userField);
  }

  shouldFilter(): boolean {
    return this.#names !== undefined;
  }

  apply({ headers }: HttpRequestMessage): void {
    if (this.#names !== undefined) headers.deleteAll(this.#names);
  }

  processContentChunk(_request: HttpRequestMessage, chunk: HttpContent): HttpContent {
    if (this.#names !== undefined && chunk.kind === HttpKind.last)
      (chunk as LastHttpContent).trailers.deleteAll(this.#names);
    return chunk;
  }
}

function aliasesOf(name: string): FieldNameSet {
  return new FieldNameSet([name.toLowerCase().replaceAll(/[_.]/g, '-')]);
}
