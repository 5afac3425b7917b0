import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { readBytes } from './read-text.ts';

/**
 * Files that a configuration names and whose contents are part of what it says: what they held when it was loaded, as
 * a digest. One that can't be read is so for others to tell.
 */
export class NamedFiles {
  readonly #digests: ReadonlyMap<string, string>;

  constructor(paths: readonly string[]) {
    this.#digests = new Map(paths.map((path) => [resolve(path), digestOf(path)]));
  }

  /** Absolute paths. */
  get paths(): readonly string[] {
    return [...this.#digests.keys()];
  }

  /** Those of both that hold something else in another one. */
  changedIn(other: NamedFiles): readonly string[] {
    return this.paths.filter(
      (path) => other.#digests.has(path) && other.#digests.get(path) !== this.#digests.get(path),
    );
  }
}

function digestOf(path: string): string {
  try {
    return createHash('sha256')
      .update(readBytes(path, path, Infinity))
      .digest('hex');
  } catch (cause) {
    return String(cause);
  }
}
