import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, isAbsolute, join, parse, resolve, sep } from 'node:path';

/** A name in a folder that decides where a path leads to. */
export interface PathStep {
  /** Without a link on the way to it. */
  readonly folder: string;
  readonly name: string;
}

type Entry = { readonly link: string } | 'missing' | 'other';

// As many as Linux follows.
const MAX_LINKS = 40;

/**
 * Finds the names by which paths lead to their files: each link on the way, the folder at the end and the
 * file in it. Where the way ends early, the last is the name that is missing. One is for paths that
 * are looked up together: it looks at each name once.
 */
export class PathSteps {
  readonly #entries = new Map<string, Entry>();

  of(path: string): readonly PathStep[] {
    const steps: PathStep[] = [];
    const { root } = parse(resolve(path));
    let folder = root;
    let links = 0;
    const rest = namesOf(resolve(path).slice(root.length));
    for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
      if (name === '..') {
        folder = dirname(folder);
        continue;
      }
      const entry = this.#entry(join(folder, name));
      if (entry !== 'other' || rest.length <= 1) steps.push({ folder, name });
      if (entry === 'missing') break;
      if (entry === 'other') {
        folder = join(folder, name);
        continue;
      }
      if (++links > MAX_LINKS) break;
      if (isAbsolute(entry.link)) folder = root;
      rest.unshift(...namesOf(entry.link));
    }
    return steps;
  }

  #entry(path: string): Entry {
    const entry = this.#entries.get(path) ?? entryOf(path);
    this.#entries.set(path, entry);
    return entry;
  }
}

function namesOf(path: string): string[] {
  return path.split(sep).filter((name) => name !== '' && name !== '.');
}

function entryOf(path: string): Entry {
  try {
    return lstatSync(path).isSymbolicLink() ? { link: readlinkSync(path) } : 'other';
  } catch {
    return 'missing';
  }
}
