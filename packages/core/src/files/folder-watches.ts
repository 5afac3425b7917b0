import { statSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { basename } from 'node:path';
import { globPattern } from './glob-pattern.ts';
import { PathSteps } from './path-steps.ts';
import type { WatchedFiles } from './watched-files.ts';

interface WatchedFolder {
  readonly watcher: FSWatcher;
  readonly inode: string;
  names: FolderNames;
  /** It was removed or moved, and its watcher with it. */
  isGone: boolean;
}

/** What counts in a folder. */
interface FolderNames {
  readonly exact: Set<string>;
  readonly patterns: RegExp[];
}

/** The watches of the folders that some files are in or are reached by. */
export class FolderWatches {
  readonly #isPersistent: boolean;
  readonly #onEvent: () => void;
  readonly #onError: (folder: string, cause: unknown) => void;
  readonly #folders = new Map<string, WatchedFolder>();
  readonly #failed = new Set<string>();

  constructor(isPersistent: boolean, onEvent: () => void, onError: (folder: string, cause: unknown) => void) {
    this.#isPersistent = isPersistent;
    this.#onEvent = onEvent;
    this.#onError = onError;
  }

  /** Watches what leads to these files as things are now, and keeps the watches that still hold. */
  arm(files: WatchedFiles): void {
    const wanted = namesByFolder(files);
    for (const folder of this.#folders.keys()) if (!wanted.has(folder)) this.#drop(folder);
    for (const [folder, names] of wanted) this.#watchFolder(folder, names);
  }

  #watchFolder(folder: string, names: FolderNames): void {
    const inode = inodeOf(folder);
    const watched = this.#folders.get(folder);
    if (watched !== undefined && !watched.isGone && watched.inode === inode) {
      watched.names = names;
      return;
    }
    this.#drop(folder);
    try {
      const watcher = watch(folder, { persistent: this.#isPersistent }, (event, name) =>
        this.#happened(folder, event, name),
      );
      watcher.on('error', (cause) => this.#lost(folder, cause));
      this.#folders.set(folder, { watcher, inode, names, isGone: false });
      this.#failed.delete(folder);
    } catch (cause) {
      this.#lost(folder, cause);
    }
  }

  #happened(folder: string, event: string, name: string | null): void {
    const watched = this.#folders.get(folder);
    if (watched === undefined) return;
    // Its own name: the folder itself is gone, and its inode may be given to the next.
    const isItself = event === 'rename' && name === basename(folder);
    if (isItself) watched.isGone = true;
    if (isItself || name === null || isAmong(watched.names, name)) this.#onEvent();
  }

  #drop(folder: string): void {
    this.#folders.get(folder)?.watcher.close();
    this.#folders.delete(folder);
  }

  #lost(folder: string, cause: unknown): void {
    this.#drop(folder);
    if (this.#failed.has(folder)) return;
    this.#failed.add(folder);
    this.#onError(folder, cause);
  }
}

function namesByFolder({ files, patterns }: WatchedFiles): Map<string, FolderNames> {
  const steps = new PathSteps();
  const folders = new Map<string, FolderNames>();
  const namesIn = (folder: string): FolderNames => {
    const names = folders.get(folder) ?? { exact: new Set(), patterns: [] };
    folders.set(folder, names);
    return names;
  };
  for (const { folder, name } of files.flatMap((file) => steps.of(file))) namesIn(folder).exact.add(name);
  for (const pattern of patterns) {
    for (const { folder, name } of steps.of(pattern)) {
      if (name === basename(pattern)) namesIn(folder).patterns.push(globPattern(name));
      else namesIn(folder).exact.add(name);
    }
  }
  return folders;
}

function isAmong({ exact, patterns }: FolderNames, name: string): boolean {
  return exact.has(name) || patterns.some((pattern) => pattern.test(name));
}

function inodeOf(folder: string): string {
  try {
    const { dev, ino } = statSync(folder);
    return `${dev} ${ino}`;
  } catch {
    return 'none';
  }
}
