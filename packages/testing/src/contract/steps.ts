import { ContractError } from './contract-error.ts';
import type { ContractStep } from './contract-options.ts';

/** What a life of a channel is when the options say nothing: a message each way. */
export const DEFAULT_STEPS: readonly ContractStep[] = [
  (channel) => void channel.writeInbound(Buffer.from('in')),
  (channel) => void channel.writeOutbound(Buffer.from('out')),
];

/** Runs a check for every number of steps that a channel may have behind it. */
export function atEachStep(steps: readonly ContractStep[], check: (count: number) => void): () => void {
  return () => {
    for (let count = 0; count <= steps.length; count++) check(count);
  };
}

/** For messages: when it was. */
export function after(count: number): string {
  return count === 0 ? 'before the first step' : `after step ${count}`;
}

/** Makes a ContractError of what `action` throws: what failed, why, and what to do. */
export function orFail(action: () => void, what: string, advice: string): void {
  try {
    action();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ContractError(`${what}: ${why} ${advice}`, cause);
  }
}
