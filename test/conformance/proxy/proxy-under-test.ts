/** What a run may ask of a proxy besides its defaults. */
export interface ProxyOptions {
  /** Milliseconds after which a silent origin is given up; the proxy's own default when absent. */
  readonly upstreamIdleTimeoutMs?: number;
  /** That every connection begins with a PROXY protocol header, and comes from this network; none does when absent. */
  readonly proxyProtocolFrom?: string;
  /** Milliseconds in which that header must be complete; the proxy's own default when absent. */
  readonly proxyProtocolTimeoutMs?: number;
}

/** A proxy that runs and sends everything to one origin. */
export interface RunningProxy {
  readonly port: number;
  /** Why the proxy is no longer there, if it ended by itself. */
  readonly failure: string | undefined;
  stop(): Promise<void>;
}

/** A way to start the proxy that the cases are run against. */
export interface ProxyUnderTest {
  /** Starts a proxy for the origin on this loopback port. Resolves once it accepts connections. */
  start(originPort: number, options?: ProxyOptions): Promise<RunningProxy>;
}
