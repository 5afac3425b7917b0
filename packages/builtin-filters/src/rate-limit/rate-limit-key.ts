import { createHash } from 'node:crypto';
import { readOwnedField } from '@sluice/codec-http';
import type { HttpRequestMessage } from '@sluice/filters';
import { clientAddress } from '@sluice/handler-connection';
import type { RateLimitOptions } from './rate-limit-options.ts';

const IPV6_GROUPS = 8;
const GROUPS_OF_A_SITE = 4;
const MAX_PLAIN_LENGTH = 64;

/** Whose bucket a request takes from. Never longer than some 70 characters, whatever the client sends. */
export function rateLimitKey(
  request: HttpRequestMessage,
  { keyBy, keyField = '' }: RateLimitOptions,
): string {
  if (keyBy === 'none') return '';
  if (keyBy === 'route') return request.context.routeName ?? '';
  const value = keyBy === 'field' ? fieldOf(request, keyField) : undefined;
  return value === undefined ? addressKey(request) : `field ${shortened(value)}`;
}

function fieldOf({ headers, outboundRequest }: HttpRequestMessage, name: string): string | undefined {
  return headers.get(name) ?? readOwnedField(outboundRequest, name);
}

function addressKey({ context }: HttpRequestMessage): string {
  const address = clientAddress(context.channel) ?? '';
  return address.includes(':') ? siteOf(address) : address;
}

/** The first 64 bits of an IPv6 address: who has one address has all of them. */
export function siteOf(address: string): string {
  const [head = '', tail] = address.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const groups = [...head];
  if (tail !== undefined) {
    const missing = IPV6_GROUPS - head.length - tail.length - (address.includes('.') ? 1 : 0);
    groups.push(...Array.from({ length: missing }, () => '0'), ...tail);
  }
  return `${groups.slice(0, GROUPS_OF_A_SITE).join(':')}::/64`;
}

function shortened(value: string): string {
  if (value.length <= MAX_PLAIN_LENGTH) return value;
  return `#${createHash('sha256').update(value, 'latin1').digest('base64url')}`;
}
