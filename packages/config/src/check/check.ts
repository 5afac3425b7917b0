import type { ConfigPath } from '../source/config-path.ts';
import type { Severity } from '../finding.ts';

/** What a check has found; the place comes from the path. */
export interface CheckFinding {
  readonly severity: Severity;
  readonly path: ConfigPath;
  readonly message: string;
  /** What is said in its place when the value is a secret, of which the message tells a part or what is near to it. Default: the message. */
  readonly ofSecret?: string;
  /** Whether the key is at fault, and not its value. Default: the value. */
  readonly isAtKey?: boolean;
}

/** Finds what each value alone does not show: settings that contradict each other, names that lead nowhere. */
export interface ConfigCheck<Config> {
  /** Stands behind its findings, and in the documentation. */
  readonly name: string;
  run(config: Config): readonly CheckFinding[];
}
