import type { RunningGateway } from '../reference/running-gateway.ts';

/** What a command has started. */
export interface StartedCommand {
  readonly running: RunningGateway;
  /** A line for each route, for people. */
  readonly routes: readonly string[];
  /** Reads the configuration again, as daemons are asked to by SIGHUP. Absent: there is none. */
  readonly reload?: () => void;
}
