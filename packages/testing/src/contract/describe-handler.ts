import type { HandlerContractOptions, MakeHandler } from './contract-options.ts';
import { handlerContract } from './handler-contract.ts';

/** What a test runner gives: vitest, jest, mocha and `node:test` all have these. */
export interface TestFunctions {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => void) => unknown;
}

/**
 * Declares a test for each rule of the {@link handlerContract}:
 *
 *     describeHandler({ describe, it }, () => new MyHandler());
 */
export function describeHandler(
  { describe, it }: TestFunctions,
  make: MakeHandler,
  options: HandlerContractOptions = {},
): void {
  describe(options.name ?? make().constructor.name, () => {
    for (const { rule, run } of handlerContract(make, options)) it(rule, run);
  });
}
