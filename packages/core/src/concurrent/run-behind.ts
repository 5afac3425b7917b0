const ENDED = Promise.resolve();

/** Runs a task behind the code that runs now. Not `queueMicrotask`, which makes a resource for async_hooks each time. */
export function runBehind(task: () => void): void {
  void ENDED.then(task);
}
