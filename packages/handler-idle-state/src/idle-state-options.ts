/** Idle times of an IdleStateHandler, in milliseconds; 0 or less switches that time off, anything above counts as at least 1. */
export class IdleStateOptions {
  /** Without a read until READER_IDLE. */
  readonly readerIdleMs: number = 0;
  /** Without the completion of a write until WRITER_IDLE. */
  readonly writerIdleMs: number = 0;
  /** Without either until ALL_IDLE. */
  readonly allIdleMs: number = 65_000;
  /** Whether bytes sent of an unfinished write put off WRITER_IDLE and ALL_IDLE; the first of an idle time comes all the same. */
  readonly observeOutput: boolean = false;
}
