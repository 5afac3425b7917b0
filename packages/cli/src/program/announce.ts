import { formatAddress } from '@sluice/core';
import type { Gateway } from '@sluice/gateway';
import type { RunningGateway } from '../reference/running-gateway.ts';
import { curlOptions } from '../tls/curl-options.ts';

/** What is said of a gateway that listens; a worker sends it to its primary. */
export interface Announcement {
  readonly listeners: readonly { readonly url: string; readonly curlOptions: string }[];
  readonly routes: readonly string[];
}

export function announcementOf(
  { gateways: [gateway], tls }: RunningGateway,
  routes: readonly string[],
): Announcement {
  const listeners = (gateway?.addresses ?? []).map((address, at) => {
    const context = tls[at];
    return {
      url: `${context === undefined ? 'http' : 'https'}://${formatAddress(address)}`,
      curlOptions: context === undefined ? '' : ` ${curlOptions(context, address)}`,
    };
  });
  return { listeners, routes };
}

/** Says on standard output where the gateway listens, what it does there, and how to try it. */
export function announce(
  { listeners, routes }: Announcement,
  admin: Pick<Gateway, 'addresses'> | undefined,
  workers = 1,
): void {
  for (const { url, curlOptions } of listeners) {
    console.log(`sluice is listening on ${url}`);
    if (workers > 1) console.log(`  workers: ${workers}`);
    for (const route of routes) console.log(`  route:   ${route}`);
    for (const place of admin?.addresses ?? []) console.log(`  admin:   http://${formatAddress(place)}/`);
    console.log(`  try:     curl -i${curlOptions} ${url}/hello`);
  }
}
