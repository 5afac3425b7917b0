/** What a process holds after a forced collection: bytes, and counts of what has to be given back. */
export type MemoryReading = {
  rss: number;
  heapTotal: number;
  heapUsed: number;
  external: number;
  arrayBuffers: number;
  /** Open file descriptors. */
  fds: number;
  /** Sockets that keep the process alive. */
  sockets: number;
  /** Timers that keep the process alive. */
  timers: number;
};

/** How late the event loop was since the last reading. */
export type LoopDelay = { p99Ms: number; maxMs: number };
