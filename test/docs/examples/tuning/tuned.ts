import { MaxInboundConnectionsOptions } from '@sluice/handler-connection';
import { HttpRequestReadTimeoutOptions } from '@sluice/handler-http';
import { IdleStateOptions } from '@sluice/handler-idle-state';
import type { OriginConfig } from '@sluice/origin';
import { ContainerModule } from 'inversify';

/** For `modules` of a gateway: each handler takes its options by their class. */
export const tuned = new ContainerModule(({ bind }) => {
  bind(IdleStateOptions).toConstantValue({ ...new IdleStateOptions(), allIdleMs: 75_000 });
  bind(HttpRequestReadTimeoutOptions).toConstantValue({ timeoutMs: 10_000 });
  bind(MaxInboundConnectionsOptions).toConstantValue({
    ...new MaxInboundConnectionsOptions(),
    maxConnections: 50_000,
  });
});

/** An origin whose servers keep connections for 60 s and take 200 requests at once. */
export const tunedOrigin: OriginConfig = {
  name: 'api',
  servers: [{ host: '127.0.0.1', port: 9000 }],
  options: { idleTimeoutMs: 55_000, maxConnections: 200, maxPendingRequests: 400, pendingTimeoutMs: 1_000 },
};
