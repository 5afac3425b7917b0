import { SluiceError } from '@sluice/core';
import { formatFinding } from './finding.ts';
import type { Finding } from './finding.ts';

/** A configuration can't be used. The message has a line for each finding. */
export class ConfigError extends SluiceError {
  override readonly name = 'ConfigError';
  /** By file and position; errors, and the warnings between them. */
  readonly findings: readonly Finding[];
  /** Absolute paths of all files that were read or looked for: what a change of may mend it. */
  readonly files: readonly string[];

  constructor(findings: readonly Finding[], files: readonly string[]) {
    super('SLUICE_CONFIG', findings.map(formatFinding).join('\n'));
    this.findings = findings;
    this.files = files;
  }
}
