// Turns of the real event loop without anything to do, until things are taken as settled. Some
// work of Node.js, as on files, takes a few.
const QUIET_TURNS = 10;

/** Runs what is to be done, and lets settled promises have their effect, until it is done or nothing moves. */
export async function settle(run: () => boolean, isDone: () => boolean): Promise<void> {
  for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
    if (run()) quiet = 0;
    if (isDone()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
