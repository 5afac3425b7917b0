import { formatAddress } from '@sluice/core';
import type { SocketAddress } from '@sluice/core';
import type { Gateway } from '@sluice/gateway';
import type { RunningGateway } from '../reference/running-gateway.ts';
import { curlOptions } from '../tls/curl-options.ts';

/** What is said of a gateway that listens; a worker sends it to its primary. */
export interface Announcement {
  readonly listeners: readonly { readonly place: string; readonly trial: string }[];
  readonly routes: readonly string[];
}

export function announcementOf(
  { gateways: [gateway], tls }: RunningGateway,
  routes: readonly string[],
): Announcement {
  const listeners = (gateway?.addresses ?? []).map((address, at) => {
    const context = tls[at];
    const scheme = context === undefined ? 'http' : 'https';
    const options = context === undefined ? '' : ` ${curlOptions(context, address)}`;
    return { place: placeOf(address, scheme), trial: `curl -i${options}${curlUrl(address, scheme)}/hello` };
  });
  return { listeners, routes };
}

/** Says on standard output where the gateway listens, what it does there, and how to try it. */
export function announce(
  { listeners, routes }: Announcement,
  admin: Pick<Gateway, 'addresses'> | undefined,
  workers = 1,
): void {
  for (const { place, trial } of listeners) {
    console.log(`sluice is listening on ${place}`);
    if (workers > 1) console.log(`  workers: ${workers}`);
    for (const route of routes) console.log(`  route:   ${route}`);
    for (const address of admin?.addresses ?? []) console.log(`  admin:   ${placeOf(address, 'http', '/')}`);
    console.log(`  try:     ${trial}`);
  }
}

/** A URL, or a Unix socket as a configuration has it: there is no URL of one. */
function placeOf(address: SocketAddress, scheme: string, path = ''): string {
  const text = formatAddress(address);
  return 'path' in address ? `unix:${text}` : `${scheme}://${text}${path}`;
}

function curlUrl(address: SocketAddress, scheme: string): string {
  if (!('path' in address)) return ` ${placeOf(address, scheme)}`;
  return ` --unix-socket ${shellWord(address.path)} ${scheme}://localhost`;
}

function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
