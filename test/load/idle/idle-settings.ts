/**
 * What is measured: the gateway as it is, with TLS, with an admin listener, which adds a handler, and as it is with
 * connections that have sent a large body.
 */
export type IdleKind = 'plain' | 'tls' | 'admin' | 'uploaded';

export type IdleSettings = {
  kinds: readonly IdleKind[];
  /** Idle connections at the end. */
  connections: number;
  /** How often memory is read on the way there. */
  steps: number;
  /** Connections that are opened and closed before the first reading, so that pools and code are there. */
  warmUp: number;
  /** Whether the bars of RSS are applied; of a few connections it says too little. */
  isMeasured: boolean;
  /** Connections after which a heap snapshot is taken and summed up; 0: never. Other figures of that run are void. */
  breakdown: number;
};

export const IDLE_LONG: IdleSettings = {
  kinds: ['plain', 'tls', 'admin', 'uploaded'],
  connections: 10_000,
  steps: 5,
  warmUp: 2_000,
  isMeasured: true,
  breakdown: 0,
};

export const IDLE_SHORT: IdleSettings = {
  kinds: ['plain', 'tls'],
  connections: 300,
  steps: 2,
  warmUp: 100,
  isMeasured: false,
  breakdown: 0,
};
