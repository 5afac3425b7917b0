import { readdirSync, realpathSync } from 'node:fs';
import { readText } from './read-text.ts';

/** Where a configuration is read from. */
export interface ConfigFiles {
  /** The text of a file. Throws an Error whose message says why there is none. */
  readText(path: string, shownPath: string, maxBytes: number): string;
  /** The names in a folder; none when it is not there, for it may come. */
  namesIn(folder: string): readonly string[];
  /** Where links lead to; the path itself when they lead nowhere. */
  realPath(path: string): string;
}

/** The files of this machine, as they are now. */
export const diskFiles: ConfigFiles = {
  readText,
  namesIn: (folder) => {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  },
  realPath: (path) => {
    try {
      return realpathSync(path);
    } catch {
      return path;
    }
  },
};

type RecordedText = { readonly text: string } | { readonly error: string };

/**
 * All that was read for a configuration, so that other processes can read the very same, whatever
 * has become of the files. It survives a structured clone. There are secrets in it.
 */
export interface ConfigRecord {
  readonly texts: ReadonlyMap<string, RecordedText>;
  readonly folders: ReadonlyMap<string, readonly string[]>;
  readonly realPaths: ReadonlyMap<string, string>;
}

/** Keeps what is read of other files. */
export class RecordingFiles implements ConfigFiles {
  readonly #files: ConfigFiles;
  readonly #texts = new Map<string, RecordedText>();
  readonly #folders = new Map<string, readonly string[]>();
  readonly #realPaths = new Map<string, string>();

  constructor(files: ConfigFiles) {
    this.#files = files;
  }

  get record(): ConfigRecord {
    return { texts: this.#texts, folders: this.#folders, realPaths: this.#realPaths };
  }

  readText(path: string, shownPath: string, maxBytes: number): string {
    try {
      const text = this.#files.readText(path, shownPath, maxBytes);
      this.#texts.set(path, { text });
      return text;
    } catch (cause) {
      this.#texts.set(path, { error: cause instanceof Error ? cause.message : String(cause) });
      throw cause;
    }
  }

  namesIn(folder: string): readonly string[] {
    const names = this.#files.namesIn(folder);
    this.#folders.set(folder, names);
    return names;
  }

  realPath(path: string): string {
    const real = this.#files.realPath(path);
    this.#realPaths.set(path, real);
    return real;
  }
}

/** The files as they were when a configuration was read; what was not read then is not there. */
export function recordedFiles({ texts, folders, realPaths }: ConfigRecord): ConfigFiles {
  return {
    readText: (path, shownPath) => {
      const recorded = texts.get(path) ?? { error: `can't read "${shownPath}": it was not read before` };
      if ('error' in recorded) throw new Error(recorded.error);
      return recorded.text;
    },
    namesIn: (folder) => folders.get(folder) ?? [],
    realPath: (path) => realPaths.get(path) ?? path,
  };
}
