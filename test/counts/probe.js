// Counts in the process of a gateway what a request costs there. Loaded with --import.
import { Socket } from 'node:net';
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';

const counts = { socketWrites: 0, timers: 0, collections: 0 };

const { write } = Socket.prototype;
Socket.prototype.write = function (...args) {
  counts.socketWrites++;
  return write.apply(this, args);
};

const { setTimeout: schedule } = globalThis;
globalThis.setTimeout = Object.assign((...args) => {
  counts.timers++;
  return schedule(...args);
}, schedule);

const observer = new PerformanceObserver((list) => {
  counts.collections += list.getEntries().length;
});
observer.observe({ entryTypes: ['gc'] });

process.on('message', (question) => {
  if (question.ask !== 'counts') return;
  // The observer is told of a collection in a later turn.
  setImmediate(() => {
    const heapBytes = getHeapStatistics().used_heap_size;
    process.send({ ...counts, heapBytes, oldBytes: bytesOf('old_space') });
  });
});

function bytesOf(space) {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === space).space_used_size;
}

// The program ends by itself, with or without somebody who asks.
process.channel?.unref();
