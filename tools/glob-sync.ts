import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The files below a folder whose path matches, sorted; installed and built ones left out. */
export function globSync(folder: string, pattern: RegExp): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (!entry.isDirectory()) return pattern.test(path) ? [path] : [];
      return ['node_modules', 'dist'].includes(entry.name) ? [] : globSync(path, pattern);
    })
    .toSorted();
}
