import { formatAddress } from '@sluice/core';
import type { DiscoveredServer } from './server-discovery.ts';

/** Whether two sets hold the same servers with the same weights and priorities, in whatever order. */
export function sameServers(a: readonly DiscoveredServer[], b: readonly DiscoveredServer[]): boolean {
  if (a.length !== b.length) return false;
  const texts = a.map(textOf).toSorted();
  return b
    .map(textOf)
    .toSorted()
    .every((text, at) => text === texts[at]);
}

function textOf({ address, weight = 1, priority = 0 }: DiscoveredServer): string {
  return `${formatAddress(address)} ${weight} ${priority}`;
}
