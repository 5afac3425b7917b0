export { EventLoopWatch } from './event-loop-watch.ts';
export type { EventLoopWatchServices } from './event-loop-watch.ts';
export { EventLoopWatchError } from './event-loop-watch-error.ts';
export { EventLoopWatchOptions } from './event-loop-watch-options.ts';
export type { LoopBlock } from './loop-block.ts';
export { describeStack } from './describe-stack.ts';
export type { StackFrame, StackReport } from './describe-stack.ts';
