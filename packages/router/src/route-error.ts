import { SluiceError } from '@sluice/core';

/** A declaration of routes that can't be used. */
export class RouteError extends SluiceError {
  override readonly name = 'RouteError';
  /** Each with its place in the declaration, what was expected and what was found. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super('SLUICE_ROUTE', problems.join('\n'));
    this.problems = problems;
  }
}
