import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { globPattern } from './glob-pattern.ts';
import type { WatchedFiles } from './watched-files.ts';

/** By path, what is another value when the file was written or replaced. */
export type FileStamps = ReadonlyMap<string, string>;

/** The stamps of files, and of those that patterns match. */
export function stampsOf({ files, patterns }: WatchedFiles): FileStamps {
  const paths = new Set([...files, ...patterns.flatMap(matchesOf)]);
  return new Map([...paths].map((path) => [path, stampOf(path)]));
}

export function areSameStamps(one: FileStamps, other: FileStamps): boolean {
  return one.size === other.size && [...one].every(([path, stamp]) => other.get(path) === stamp);
}

function matchesOf(pattern: string): string[] {
  const regExp = globPattern(basename(pattern));
  const folder = dirname(pattern);
  try {
    return readdirSync(folder)
      .filter((name) => regExp.test(name))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function stampOf(path: string): string {
  try {
    const { dev, ino, mtimeMs, size } = statSync(path);
    return `${dev} ${ino} ${mtimeMs} ${size}`;
  } catch {
    return 'none';
  }
}
