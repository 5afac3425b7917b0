import { writeSync } from 'node:fs';
import { Session } from 'node:inspector';
import type { Debugger } from 'node:inspector';
import { hostname } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { describeStack } from './describe-stack.ts';
import type { StackFrame, StackReport } from './describe-stack.ts';

/** When the thread looks, and tells by itself, in ms. */
export interface StackThreadTimes {
  readonly blockedAfterMs: number;
  readonly stillBlockedAfterMs: number;
  readonly intervalMs: number;
}

/** What the thread is started with. */
export interface StackThreadData extends StackThreadTimes {
  /** One Int32, which grows with each turn that a timer of the watched thread runs in. */
  readonly beats: SharedArrayBuffer;
}

const STDERR = 2;
/** The level of an error in lines of pino. */
const ERROR = 50;

// The thread that looks at the main thread while that one can't look at itself.
const { beats, blockedAfterMs, stillBlockedAfterMs, intervalMs } = workerData as StackThreadData;
const beat = new Int32Array(beats);
let latest = -1;
let latestAt = 0;
let isLooking = false;
let isTold = false;
let seen: StackReport | undefined;

function check(): void {
  const now = performance.now();
  const current = Atomics.load(beat, 0);
  if (current !== latest) {
    latest = current;
    latestAt = now;
    isLooking = false;
    isTold = false;
    seen = undefined;
    return;
  }
  const durationMs = now - latestAt;
  if (!isLooking && durationMs >= blockedAfterMs) {
    isLooking = true;
    look(current);
  }
  if (!isTold && stillBlockedAfterMs > 0 && durationMs >= stillBlockedAfterMs) {
    isTold = true;
    tell(durationMs);
  }
}

/** Past the logger, which lives in the loop that is blocked. */
function tell(durationMs: number): void {
  const { culprit, stack } = seen ?? { culprit: 'unknown', stack: [] };
  const from = { level: ERROR, time: Date.now(), pid: process.pid, hostname: hostname() };
  const fields = { durationMs: Math.round(durationMs), culprit, stack };
  const msg = 'The event loop is blocked, and nothing else can run.';
  try {
    writeSync(STDERR, `${JSON.stringify({ ...from, ...fields, msg })}\n`);
  } catch {
    // A pipe that is full, or gone: the thread has to live on.
  }
}

/** Stops the main thread for as long as it takes to read its stack, which is a few milliseconds. */
function look(at: number): void {
  const session = new Session();
  session.connectToMainThread();
  const urls = new Map<string, string>();
  session.on('Debugger.scriptParsed', ({ params: { scriptId, url } }) => urls.set(scriptId, url));
  session.on('Debugger.paused', ({ params: { callFrames } }) => {
    session.post('Debugger.resume');
    session.post('Debugger.disable');
    session.disconnect();
    // It went on by itself before it could be stopped: what runs now has blocked nothing.
    if (Atomics.load(beat, 0) !== at) return;
    const report = describeStack(callFrames.map((frame) => frameOf(frame, urls)));
    seen = report;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is no window
    if (report !== undefined) parentPort?.postMessage({ at, report });
  });
  session.post('Debugger.enable');
  session.post('Debugger.pause');
}

function frameOf(frame: Debugger.CallFrame, urls: ReadonlyMap<string, string>): StackFrame {
  const { functionName, location } = frame;
  return {
    functionName,
    className: frame.this.className,
    url: urls.get(location.scriptId) ?? '',
    line: location.lineNumber + 1,
  };
}

setInterval(check, intervalMs);
