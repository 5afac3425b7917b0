import type { LoadBalancer as HostBalancer } from '@sluice/load-balancing';
import type { OriginServer } from './origin-server.ts';

/** Chooses the server of an origin that gets the next request. */
export type LoadBalancer = HostBalancer<OriginServer>;
