import { readFileSync } from 'node:fs';
import { globSync } from './glob-sync.ts';

/** The text of each source file, by path. */
export type Sources = ReadonlyMap<string, string>;

export function readSources(): Sources {
  return new Map(globSync('packages', /\/src\/.*\.ts$/).map((file) => [file, readFileSync(file, 'utf8')]));
}

/** The file in which a class is, and its text. */
export function sourceOf(className: string, sources: Sources): readonly [file: string, source: string] {
  for (const found of sources)
    if (found[1].includes(`export class ${className} `) || found[1].includes(`export class ${className}\n`))
      return found;
  throw new Error(`No source of ${className} was found.`);
}

/** The comment before the class, as one paragraph after the other. */
export function commentOf(className: string, source: string): string {
  const before = source.slice(0, source.search(new RegExp(`export class ${className}\\b`)));
  const comment = before.slice(before.lastIndexOf('/**') + 3, before.lastIndexOf('*/'));
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd())
    .join('\n')
    .trim()
    .replaceAll(/\{@link (?<target>[^}]+)\}/g, '`$<target>`')
    .replaceAll(/(?<!\n)\n(?!\n)/g, ' ');
}
