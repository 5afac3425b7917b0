/** One call of a paused program, as the inspector has it. */
export interface StackFrame {
  /** Empty for a function without a name. */
  readonly functionName: string;
  /** The class of `this`. Absent where there is none. */
  readonly className?: string | undefined;
  readonly url: string;
  /** From 1. */
  readonly line: number;
}

/** What a blocked event loop was running. */
export interface StackReport {
  /** The handler or filter, with its method: `SlowFilter.apply`; the innermost function where it is none of both. */
  readonly culprit: string;
  /** The calls, innermost first; those of Node.js itself are left out. */
  readonly stack: readonly string[];
}

const MAX_LINES = 10;
// Calls every method of a handler.
const HANDLER_CALLER = 'ChannelHandlerContext';
const FILTER_METHODS: ReadonlySet<string> = new Set([
  'shouldFilter',
  'needsBodyBuffered',
  'apply',
  'processContentChunk',
  'transformBody',
]);

/** Finds the handler or filter in a stack, innermost call first; undefined where no code but that of Node.js ran. */
export function describeStack(frames: readonly StackFrame[]): StackReport | undefined {
  const known = frames.filter(({ url }) => !url.startsWith('node:') && url !== '');
  const culprit = known.find((frame, at) => isStep(frame, known[at + 1])) ?? known[0];
  if (culprit === undefined) return undefined;
  return { culprit: nameOf(culprit), stack: known.slice(0, MAX_LINES).map(lineOf) };
}

function isStep({ functionName, className }: StackFrame, caller: StackFrame | undefined): boolean {
  if (className === undefined || className === HANDLER_CALLER) return false;
  return caller?.className === HANDLER_CALLER || FILTER_METHODS.has(functionName);
}

function nameOf({ functionName, className }: StackFrame): string {
  const name = functionName === '' ? 'a function' : functionName;
  return className === undefined ? name : `${className}.${name}`;
}

function lineOf(frame: StackFrame): string {
  return `${nameOf(frame)} (${frame.url}:${frame.line})`;
}
