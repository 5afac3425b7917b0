import type { RunningGateway } from '../reference/running-gateway.ts';
import type { PrepareReload } from '../workers/worker-reload.ts';

/** What a command has started. */
export interface StartedCommand {
  readonly running: RunningGateway;
  /** A line for each route, for people. */
  readonly routes: readonly string[];
  /** Reads the configuration again, as daemons are asked to by SIGHUP. Absent: there is none. */
  readonly reload?: () => void;
  /** Of a worker, whose primary says when it goes over to another configuration. Absent: there is none. */
  readonly prepareReload?: PrepareReload;
}
