/** What a balancer must know of a server that it may choose. */
export interface Host {
  /** Tells it from the others; what consistent hashing places it by. */
  readonly name: string;
  /** Its share of the requests beside the others of its priority; above 0. */
  readonly weight: number;
  /** 0 is used first; higher ones take over as its health falls. */
  readonly priority: number;
  readonly isHealthy: boolean;
  /** Whether it is known to take no connection: a panic uses it only while no host takes any. Default: false. */
  readonly isUnreachable?: boolean;
  /** Requests that it has not answered yet. */
  readonly activeRequests: number;
  /** Since when it has been fit for requests, by the clock of the balancer, in ms: slow start counts from there. */
  readonly readySinceMs: number;
}
