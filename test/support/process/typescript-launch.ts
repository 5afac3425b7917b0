import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Launch } from './managed-process.ts';

/** How a part of a harness starts from its sources, as a process that is named for its folder; its log goes to `directory`. */
export function typescriptLaunch(main: URL, directory: string, args: readonly string[] = []): Launch {
  const file = fileURLToPath(main);
  const name = basename(dirname(file));
  return {
    name,
    file: process.execPath,
    args: ['--import', import.meta.resolve('tsx'), file, ...args],
    logFile: join(directory, `${name}.log`),
  };
}
