import { realpathSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { globPattern } from '../source/included-files.ts';

/** Files to watch: absolute paths, some with `*` or `?` in their last part. */
export interface WatchedFiles {
  readonly files: readonly string[];
  readonly patterns: readonly string[];
}

interface WatchedFolder {
  readonly watcher: FSWatcher;
  names: readonly RegExp[];
}

/**
 * Says when one of some files may have changed. It watches their folders, since a file that is
 * replaced by a rename is another file; and the folders that links lead to.
 */
export class FolderWatcher {
  readonly #onChange: () => void;
  readonly #onError: (folder: string, cause: unknown) => void;
  readonly #folders = new Map<string, WatchedFolder>();

  constructor(onChange: () => void, onError: (folder: string, cause: unknown) => void) {
    this.#onChange = onChange;
    this.#onError = onError;
  }

  /** Watches these files in the place of those before. */
  watch({ files, patterns }: WatchedFiles): void {
    const wanted = new Map<string, RegExp[]>();
    for (const path of [...files, ...files.map(realPath), ...patterns]) {
      const names = wanted.get(dirname(path)) ?? [];
      wanted.set(dirname(path), [...names, globPattern(basename(path))]);
    }
    for (const [folder, { watcher }] of this.#folders) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#folders.delete(folder);
    }
    for (const [folder, names] of wanted) this.#watchFolder(folder, names);
  }

  close(): void {
    for (const { watcher } of this.#folders.values()) watcher.close();
    this.#folders.clear();
  }

  #watchFolder(folder: string, names: readonly RegExp[]): void {
    const watched = this.#folders.get(folder);
    if (watched !== undefined) {
      watched.names = names;
      return;
    }
    try {
      const watcher = watch(folder, (_event, name) => {
        if (this.#isOfInterest(folder, name)) this.#onChange();
      });
      watcher.on('error', (cause) => this.#lost(folder, cause));
      this.#folders.set(folder, { watcher, names });
    } catch (cause) {
      this.#onError(folder, cause);
    }
  }

  // Kubernetes replaces the files of a volume by a link named `..data`.
  #isOfInterest(folder: string, name: string | null): boolean {
    if (name === null || name.startsWith('..')) return true;
    return this.#folders.get(folder)?.names.some((pattern) => pattern.test(name)) ?? false;
  }

  #lost(folder: string, cause: unknown): void {
    this.#folders.get(folder)?.watcher.close();
    this.#folders.delete(folder);
    this.#onError(folder, cause);
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
