import type { Finding } from './finding.ts';
import type { LoadBench } from './load-bench.ts';

/** What the command line may change of a program. */
export type LoadOptions = {
  /** The form that CI runs. */
  isShort: boolean;
  connections: number | undefined;
  /** Length of a soak, of a replay, or of bodies. */
  minutes: number | undefined;
  /** Of each client of a soak, between two exchanges, in ms. */
  pause: number | undefined;
  /** Idle connections of which a heap snapshot is summed up. */
  breakdown: number | undefined;
};

/** One family of bars: loads a gateway, measures, and says what holds. */
export type LoadProgram = {
  /** Word of the command line. */
  name: string;
  summary: string;
  run: (bench: LoadBench, options: LoadOptions) => Promise<Finding[]>;
};
