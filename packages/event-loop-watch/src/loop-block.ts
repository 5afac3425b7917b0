import type { StackReport } from './describe-stack.ts';

/** A time in which the event loop ran one thing and nothing else. */
export interface LoopBlock {
  /** How long in ms, at least: up to a quarter of the limit is not seen. */
  readonly durationMs: number;
  /** What ran when the limit was over. Absent: nobody looked, or nothing of JavaScript ran, as in a long GC. */
  readonly running: StackReport | undefined;
}
