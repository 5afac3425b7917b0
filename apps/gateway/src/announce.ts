import { formatAddress } from '@sluice/core';
import type { RunningGateway } from './reference-gateway.ts';
import { curlOptions } from './tls/curl-options.ts';

/** Says on standard output where the gateway listens, what it does there, and how to try it. */
export function announce(
  { gateways: [gateway], admin, tls }: RunningGateway,
  routes: readonly string[],
): void {
  for (const [at, address] of (gateway?.addresses ?? []).entries()) {
    const context = tls[at];
    const url = `${context === undefined ? 'http' : 'https'}://${formatAddress(address)}`;
    const options = context === undefined ? '' : ` ${curlOptions(context, address)}`;
    console.log(`sluice is listening on ${url}`);
    for (const route of routes) console.log(`  route:   ${route}`);
    for (const place of admin?.addresses ?? []) console.log(`  admin:   http://${formatAddress(place)}/`);
    console.log(`  try:     curl -i${options} ${url}/hello`);
  }
}
