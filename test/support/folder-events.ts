import { once } from 'node:events';
import { watch, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';

/** Writes to a file, and waits until whoever watched its folder before has been told of it. */
export async function writeAndTell(file: string, text = 'noise'): Promise<void> {
  const watcher = watch(dirname(file));
  writeFileSync(file, text, { flag: 'a' });
  for (let name: unknown; name !== basename(file);) [, name] = (await once(watcher, 'change')) as unknown[];
  watcher.close();
}

/** Waits for what events of the file system will bring about. */
export async function eventually(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setImmediate();
}
