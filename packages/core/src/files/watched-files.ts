/** Files to watch. */
export interface WatchedFiles {
  readonly files: readonly string[];
  /** Paths with `*` or `?` in their last part. */
  readonly patterns: readonly string[];
}
