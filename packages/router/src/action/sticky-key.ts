import type { HttpRequestMessage } from '@sluice/filters';
import { SOURCE_ADDRESS } from '@sluice/handler-connection';

/** What of a request keeps it with the same origin; one of them. */
export interface StickyConfig {
  readonly header?: string | undefined;
  readonly cookie?: string | undefined;
  readonly source?: true | undefined;
}

/** The text that stands for the client; undefined when the request does not carry it. */
export function stickyKey(
  { headers, context }: HttpRequestMessage,
  config: StickyConfig,
): string | undefined {
  const { header, cookie } = config;
  if (header !== undefined) return headers.get(header);
  if (cookie !== undefined) return cookieValue(headers.getAll('cookie'), cookie);
  const { channel } = context;
  return channel.hasAttr(SOURCE_ADDRESS) ? channel.attr(SOURCE_ADDRESS).get() : undefined;
}

function cookieValue(fields: readonly string[], name: string): string | undefined {
  for (const field of fields) {
    for (const pair of field.split(';')) {
      const trimmed = pair.trim();
      if (trimmed.startsWith(`${name}=`)) return trimmed.slice(name.length + 1);
    }
  }
  return undefined;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** From 0 to below 1, evenly: FNV-1a with the finish of MurmurHash3, for FNV alone leaves like keys alike. */
export function fractionOf(key: string): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), FNV_PRIME);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
}
