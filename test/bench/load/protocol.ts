/** What the bench asks of the load generator: one measurement of one peer. */
export type LoadCommand = {
  /** Word of the scenario to send. */
  scenario: string;
  /** Port of the peer on 127.0.0.1. */
  port: number;
  /** Root of the peer's process tree, whose CPU time is charged. */
  rootPid: number;
  /** How many requests are in flight at any time, or at most with a rate: one on each connection. */
  connections: number;
  /** Requests per second of an open loop; absent: a closed one. */
  ratePerSecond?: number;
  /** Time under load before anything is counted. */
  warmupMs: number;
  /** Length of the counted window. */
  durationMs: number;
};

/** One measurement: counts of the window, beside what the peer's process tree spent in that very window. */
export type Measurement = {
  /** Correct responses completed within the window. */
  requests: number;
  /** Requests without a correct response; warm-up and the rest after the window included. */
  errors: number;
  /** What the first error was. */
  firstError?: string;
  /** True length of the window. */
  seconds: number;
  /** User and system time of the peer's process tree within the window. */
  cpuMicros: number;
  /** Resident memory of the peer's process tree at the end of the window. */
  rssBytes: number;
  p50Micros: number;
  p99Micros: number;
  p999Micros: number;
  maxMicros: number;
};
