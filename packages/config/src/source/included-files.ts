import { basename, dirname, join } from 'node:path';
import { globPattern } from '@sluice/core';
import type { ConfigFiles } from './config-files.ts';

/** The files that an entry of `include` names: itself, or what `*` and `?` in its last part match, sorted. */
export function includedFiles(pattern: string, folder: string, files: ConfigFiles): readonly string[] {
  const name = basename(pattern);
  if (!isGlob(name)) return [pattern];
  const regExp = globPattern(name);
  const within = dirname(pattern);
  return files
    .namesIn(join(folder, within))
    .filter((file) => regExp.test(file))
    .toSorted()
    .map((file) => join(within, file));
}

/** Whether a name of `include` stands for more than itself. */
export function isGlob(name: string): boolean {
  return /[*?]/.test(name);
}
