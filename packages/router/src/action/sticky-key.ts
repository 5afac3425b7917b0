import { readOwnedField } from '@sluice/codec-http';
import type { HttpRequestMessage } from '@sluice/filters';
import { clientAddress } from '@sluice/handler-connection';
import { xxHash64OfText } from '@sluice/load-balancing';

/** What of a request keeps it with the same origin; one of them. */
export interface StickyConfig {
  readonly header?: string | undefined;
  readonly cookie?: string | undefined;
  readonly source?: true | undefined;
}

/** The text that stands for the client; undefined when the request does not carry it. */
export function stickyKey(request: HttpRequestMessage, config: StickyConfig): string | undefined {
  const { header, cookie } = config;
  if (header !== undefined) {
    return request.headers.get(header) ?? readOwnedField(request.outboundRequest, header);
  }
  if (cookie !== undefined) return request.cookie(cookie);
  return clientAddress(request.context.channel);
}

/** From 0 to below 1, evenly. */
export function fractionOf(key: string): number {
  return xxHash64OfText(key).order / 2 ** 53;
}
