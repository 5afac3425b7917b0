import { formatAddress } from '@sluice/core';
import type { Logger, SocketAddress } from '@sluice/core';
import { Gateway } from '@sluice/gateway';
import { demoOrigin } from '../demo/demo-origin.ts';
import { parseListenAddress } from '../addresses.ts';
import { originHandlers, serverHandlers } from '../pipeline.ts';

/** Runs the gateway in front of two demo origins, to try it out. */
export async function demo(
  options: { readonly listen: string },
  logger: Logger,
): Promise<readonly Gateway[]> {
  const listen = parseListenAddress(options.listen);
  const origins = [demoOrigin('demo-1', logger), demoOrigin('demo-2', logger)];
  for (const origin of origins) await origin.start();
  const servers = origins.flatMap(({ addresses }) => addresses);
  const gateway = new Gateway({
    listeners: [{ address: listen, handlers: serverHandlers }],
    origins: [{ name: 'demo', servers }],
    originHandlers,
    routes: [{ prefix: '/', origin: 'demo' }],
    logger,
  });
  await gateway.start();
  announce(gateway.addresses, servers);
  return [gateway, ...origins];
}

function announce(addresses: readonly SocketAddress[], servers: readonly SocketAddress[]): void {
  const [address] = addresses.map(formatAddress);
  console.log(`sluice is listening on http://${address}`);
  console.log(`  routes: / → demo (${servers.map(formatAddress).join(', ')})`);
  console.log(`  try:    curl -i http://${address}/hello`);
}
