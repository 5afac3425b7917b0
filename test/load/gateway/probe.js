/**
 * Loaded into the gateway before its own program (`--import`): answers over IPC what only the process itself can say, and
 * ends it when whoever started it is gone.
 */
import cluster from 'node:cluster';
import { readdirSync, readFileSync } from 'node:fs';
import { monitorEventLoopDelay, performance, PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { writeHeapSnapshot } from 'node:v8';

const COLLECTIONS = 3;
const REST_MS = 100;

const RESOLUTION_MS = 10;

const loopDelay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
let cpuBefore = mainThreadMs();
let longestTurn = { ranMs: 0, fromMs: 0, toMs: 0 };
/** @type {{ startTime: number, duration: number }[]} */
let collections = [];

/** @type {Record<string, (file: string) => object | Promise<object>>} */
const answers = {
  memory: readMemory,
  resources: countResources,
  snapshot: (file) => ({ file: writeHeapSnapshot(file) }),
  'loop-delay': readLoopDelay,
  'watch-turns': watchTurns,
};

async function readMemory() {
  // More than one: finalizers of the first free what the next one collects.
  for (let times = 0; times < COLLECTIONS; times += 1) globalThis.gc?.();
  await delay(REST_MS);
  globalThis.gc?.();
  const { rss, heapTotal, heapUsed, external, arrayBuffers } = process.memoryUsage();
  return { rss, heapTotal, heapUsed, external, arrayBuffers, ...countResources() };
}

/** Open files, sockets and timers of the process; the listing's own descriptor is not among them. */
function countResources() {
  const resources = process.getActiveResourcesInfo();
  /** @param {RegExp} kind */
  const count = (kind) => resources.filter((name) => kind.test(name)).length;
  return {
    fds: readdirSync('/proc/self/fd').length - 1,
    sockets: count(/^(TCPSocket|TLS|Pipe)Wrap$/),
    timers: count(/^Timeout$/),
  };
}

/** The histogram has the time between two looks, of which the resolution is none of the delay. */
function readLoopDelay() {
  /** @param {number} nanos */
  const delayOf = (nanos) => Math.max(0, nanos / 1e6 - RESOLUTION_MS);
  const cpuMs = mainThreadMs() - cpuBefore;
  const figures = {
    p99Ms: delayOf(loopDelay.percentile(99)),
    maxMs: delayOf(loopDelay.max),
    cpuMs,
    longestTurnMs: longestTurn.ranMs,
    collectionMs: collectionMs(longestTurn),
  };
  loopDelay.reset();
  longestTurn = { ranMs: 0, fromMs: 0, toMs: 0 };
  collections = [];
  cpuBefore = mainThreadMs();
  return figures;
}

/**
 * From now on measures what the loop has run itself while a timer was late: the rest of a delay is the machine's. Not
 * always, since it costs some 30 µs each time.
 */
function watchTurns() {
  let ranMs = mainThreadMs();
  let fromMs = performance.now();
  new PerformanceObserver((list) => collections.push(...list.getEntries())).observe({ entryTypes: ['gc'] });
  setInterval(() => {
    const nowRanMs = mainThreadMs();
    const toMs = performance.now();
    const turn = { ranMs: Math.min(toMs - fromMs - RESOLUTION_MS, nowRanMs - ranMs), fromMs, toMs };
    if (turn.ranMs > longestTurn.ranMs) longestTurn = turn;
    ranMs = nowRanMs;
    fromMs = toMs;
  }, RESOLUTION_MS).unref();
  return {};
}

/** @param {{ fromMs: number, toMs: number }} turn */
function collectionMs({ fromMs, toMs }) {
  const within = collections.filter(({ startTime }) => startTime >= fromMs && startTime <= toMs);
  return within.reduce((sum, { duration }) => sum + duration, 0);
}

/** What the event loop's own thread has run; those that compile and collect do not block it. */
function mainThreadMs() {
  const [nanos] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ');
  return Number(nanos) / 1e6;
}

// Workers have a channel of their own, to the primary, and end by it.
if (cluster.isPrimary && process.channel) {
  loopDelay.enable();
  process.on('message', async (/** @type {{ ask?: string, file?: string }} */ { ask, file }) => {
    process.send?.(await answers[ask ?? '']?.(file ?? ''));
  });
  process.once('disconnect', () => process.exit());
  process.channel.unref();
}
