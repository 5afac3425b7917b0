/** What an {@link EventLoopWatch} looks for. */
export class EventLoopWatchOptions {
  /** The loop is blocked when it can't run a timer for so long, in ms; from 20 on. Default: 200. */
  readonly blockedAfterMs: number = 200;
  /**
   * A block that lasts for so long, in ms, is told of before it is over: the thread itself writes a line of JSON
   * to standard error, since the loop that would log it may never turn again. 0 for never. Default: 3000.
   */
  readonly stillBlockedAfterMs: number = 3_000;
  /**
   * Whether a thread looks at what runs while the loop is blocked; it costs some 8 MiB. Without it, in a
   * process that is being debugged and outside the main thread, the time alone is told. Default: true.
   */
  readonly looksAtStack: boolean = true;
}
