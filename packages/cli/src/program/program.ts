import type { Logger } from '@sluice/core';
import type { Gateway } from '@sluice/gateway';

/** What a program of this command line is called, and what it brings along. */
export interface Program {
  /** In its usage and help. */
  readonly name: string;
  /** Makes the origins of the command `demo`, which is what runs without a command. Absent: there is no such command. */
  readonly demoOrigins?: (logger: Logger) => readonly Gateway[];
}

/** The program of this package. */
export const SLUICE: Program = { name: 'sluice' };
