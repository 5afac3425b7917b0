/** What a process has to give back. */
export type Resources = {
  /** Open file descriptors. */
  fds: number;
  /** Sockets that keep the process alive. */
  sockets: number;
  /** Timers that keep the process alive. */
  timers: number;
};

/** What a process holds after a forced collection, in bytes, beside its resources. */
export type MemoryReading = Resources & {
  rss: number;
  heapTotal: number;
  heapUsed: number;
  external: number;
  arrayBuffers: number;
};

/** How late the event loop was since the last reading, and the CPU time of its thread since then. */
export type LoopDelay = {
  p99Ms: number;
  maxMs: number;
  cpuMs: number;
  /** As far as turns are watched: of the longest delay what the thread itself has run. What is beyond it others have run. */
  longestTurnMs: number;
  /** How long garbage was collected in that turn. */
  collectionMs: number;
};
