/** What an {@link EventLoopWatch} looks for. */
export class EventLoopWatchOptions {
  /** The loop is blocked when it can't run a timer for so long, in ms; from 20 on. Default: 200. */
  readonly blockedAfterMs: number = 200;
  /**
   * Whether a thread looks at what runs while the loop is blocked; it costs some 8 MiB. Without it, in a
   * process that is being debugged and outside the main thread, the time alone is told. Default: true.
   */
  readonly looksAtStack: boolean = true;
}
