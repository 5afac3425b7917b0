import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { PeerCheck } from './peer.ts';

/** Where distributions put servers, which is not on the path of every user. */
const SERVER_DIRECTORIES = ['/usr/local/sbin', '/usr/sbin'];

/** Finds an installed program; `undefined` when there is none. */
export function findProgram(name: string): string | undefined {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), ...SERVER_DIRECTORIES];
  return directories.map((directory) => join(directory, name)).find((file) => isExecutable(file));
}

/** Checks an installed program by asking it for its version. */
export function checkProgram(name: string): PeerCheck {
  const file = findProgram(name);
  if (file === undefined) return { absent: 'not installed' };
  const { stdout, stderr } = spawnSync(file, ['-v'], { encoding: 'utf8' });
  const version = /\d+\.\d+\.\d+/.exec(`${stdout}${stderr}`)?.[0];
  return version === undefined ? { absent: `${file} -v prints no version` } : { version };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
