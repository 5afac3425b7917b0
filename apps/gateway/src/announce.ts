import { formatAddress } from '@sluice/core';
import type { RunningGateway } from './reference-gateway.ts';

/** Says on standard output where the gateway listens, what it does there, and how to try it. */
export function announce({ gateways: [gateway, admin] }: RunningGateway, routes: readonly string[]): void {
  for (const address of gateway?.addresses ?? []) {
    console.log(`sluice is listening on http://${formatAddress(address)}`);
    for (const route of routes) console.log(`  route:   ${route}`);
    for (const place of admin?.addresses ?? [])
      console.log(`  metrics: http://${formatAddress(place)}/metrics`);
    console.log(`  try:     curl -i http://${formatAddress(address)}/hello`);
  }
}
