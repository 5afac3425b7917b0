import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Loaded before the gateway: at SIGURG it collects all garbage and says how much heap is left.
setFlagsFromString('--expose-gc');
// Machine code and what belongs to it grow for as long as the compiler finds something to do.
setFlagsFromString('--no-opt');
setFlagsFromString('--no-lazy-feedback-allocation');
const gc = runInNewContext('gc');

process.on('SIGURG', async () => {
  // What a collection finalizes is collected by the next one.
  for (let left = 4; left > 0; left--) {
    gc();
    await new Promise(setImmediate);
  }
  console.error(`heap in use: ${process.memoryUsage().heapUsed}`);
});
