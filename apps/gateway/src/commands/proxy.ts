import { formatAddress } from '@sluice/core';
import type { Logger } from '@sluice/core';
import { Gateway } from '@sluice/gateway';
import type { OriginOptions } from '@sluice/origin';
import { parseListenAddress, parseOriginUrl } from '../addresses.ts';
import { originHandlers, serverHandlers } from '../pipeline.ts';
import { UsageError } from '../usage-error.ts';

export interface ProxyOptions {
  readonly to: readonly string[];
  readonly listen: string;
  readonly upstreamIdleTimeoutMs?: number;
}

/** Quick mode: the whole reference pipeline in front of any origin, without a file. */
export async function proxy(options: ProxyOptions, logger: Logger): Promise<readonly Gateway[]> {
  if (options.to.length === 0) throw new UsageError('proxy needs an origin: --to http://127.0.0.1:9000');
  const servers = options.to.map(parseOriginUrl);
  const gateway = new Gateway({
    listeners: [{ address: parseListenAddress(options.listen), handlers: serverHandlers }],
    origins: [{ name: 'default', servers, options: originOptionsOf(options) }],
    originHandlers,
    routes: [{ prefix: '/', origin: 'default' }],
    logger,
  });
  await gateway.start();
  for (const address of gateway.addresses) {
    console.log(`sluice is listening on http://${formatAddress(address)}`);
  }
  console.log(`  routes: / → ${servers.map(formatAddress).join(', ')}`);
  return [gateway];
}

function originOptionsOf({ upstreamIdleTimeoutMs }: ProxyOptions): Partial<OriginOptions> {
  return upstreamIdleTimeoutMs === undefined ? {} : { responseTimeoutMs: upstreamIdleTimeoutMs };
}
