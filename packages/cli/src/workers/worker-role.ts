import type { SocketAddress } from '@sluice/core';
import type { WorkerPlace } from '@sluice/inject';

/** What the primary tells a worker of its part. */
export interface WorkerRole extends WorkerPlace {
  /** The same for all workers: each takes up TLS sessions of the others. */
  readonly ticketKeys: Buffer;
  /** The demo origins, which run in the primary. */
  readonly demoServers: readonly SocketAddress[] | undefined;
}
