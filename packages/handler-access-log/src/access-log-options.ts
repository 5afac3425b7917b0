/** Where the access log goes and what its lines look like. */
export class AccessLogOptions {
  /** `off`, `stdout`, or the path of a file. */
  readonly destination: string = 'stdout';
  /** `tab`, `combined`, `json`, a template with operators, or a template for each key of a JSON object. */
  readonly format: string | Readonly<Record<string, string>> = 'tab';
  /** Characters after which a value from outside is cut. */
  readonly maxValueLength: number = 2048;
  /** Bytes of lines that may wait to be written; a line beyond is dropped and counted. */
  readonly maxQueuedBytes: number = 8 * 1024 * 1024;
  /**
   * For so long after a write, in ms, lines wait for each other, up to 64 KiB of them: what a crash can lose. 0 writes
   * those of each turn of the event loop.
   */
  readonly flushIntervalMs: number = 100;
  /**
   * Whether other processes write there too. Lines of up to 4096 bytes then stay whole in a pipe as
   * well, for which they are written in smaller pieces; in a file they always stay whole.
   */
  readonly isShared: boolean = false;
}
