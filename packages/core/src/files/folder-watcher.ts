import type { Clock, Timer } from '../concurrent/clock.ts';
import { areSameStamps, stampsOf } from './file-stamps.ts';
import type { FileStamps } from './file-stamps.ts';
import { FolderWatches } from './folder-watches.ts';
import { QuietTimer } from './quiet-timer.ts';
import type { WatchedFiles } from './watched-files.ts';

export interface FolderWatcherOptions {
  readonly clock: Clock;
  /** How long the files must be quiet before a change is told, in ms; those that change all the time put it off by four times that. */
  readonly quietMs: number;
  /** How often to look for changes that nothing has told of, in ms; 0: never. Default: 10 000. */
  readonly pollMs?: number;
  /** Whether the process stays alive for it. Default: true. */
  readonly isPersistent?: boolean;
  /** The files may have changed. */
  readonly onChange: () => void;
  /** A folder can't be watched; told once for each, until it can be. */
  readonly onError: (folder: string, cause: unknown) => void;
}

const NO_FILES: WatchedFiles = { files: [], patterns: [] };

/**
 * Says when one of some files may have changed: written in place, replaced by a rename, behind a link that
 * was turned, in a folder that was replaced. Whatever else happens in their folders is nothing to it.
 *
 * It watches folders, since a file that is replaced is another file: those of the files, those above them
 * and those of the links on the way. What the system does not tell, as on network file systems or for
 * folders further above, it finds by comparing inodes, times and sizes now and then.
 */
export class FolderWatcher {
  readonly #watches: FolderWatches;
  readonly #quiet: QuietTimer;
  readonly #poll: Timer | undefined;
  #files = NO_FILES;
  #stamps: FileStamps = new Map();

  constructor(options: FolderWatcherOptions) {
    const { clock, quietMs, pollMs = 10_000, isPersistent = true, onChange, onError } = options;
    this.#quiet = new QuietTimer(clock, quietMs, () => {
      this.refresh();
      onChange();
    });
    this.#watches = new FolderWatches(isPersistent, () => this.#quiet.stir(), onError);
    this.#poll = pollMs > 0 ? clock.schedule(pollMs, () => this.#look()) : undefined;
  }

  /** Watches these files in the place of those before. */
  watch(files: WatchedFiles): void {
    this.#files = files;
    this.#watches.arm(files);
    const before = this.#stamps;
    // A file that has changed since it was last read stays one that has.
    this.#stamps = new Map(
      [...stampsOf(files)].map(([path, stamp]) => [path, before.get(path) ?? stamp] as const),
    );
  }

  /** Call it before the files are read without being told to: what has changed until now is not told then. */
  refresh(): void {
    this.#quiet.cancel();
    this.#watches.arm(this.#files);
    this.#stamps = stampsOf(this.#files);
  }

  close(): void {
    this.#poll?.cancel();
    this.#quiet.cancel();
    // A refresh that comes later watches nothing.
    this.#files = NO_FILES;
    this.#watches.arm(NO_FILES);
  }

  #look(): void {
    this.#poll?.refresh();
    this.#watches.arm(this.#files);
    if (!areSameStamps(this.#stamps, stampsOf(this.#files))) this.#quiet.stir();
  }
}
