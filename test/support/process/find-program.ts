import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where distributions put servers, which is not on the path of every user. */
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin'];

/** Finds an installed program; undefined when there is none. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SERVER_FOLDERS];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/**
 * Finds a program that tests run against. Where it is not installed the tests are skipped with a
 * word about it; on CI that is an error, so that they are not lost unseen.
 */
export function findPeer(name: string): string | undefined {
  const path = findProgram(name);
  if (path !== undefined) return path;
  if (process.env['CI']) throw new Error(`${name} is not installed; on CI it must be.`);
  console.warn(`${name} is not installed: the tests against it are skipped.`);
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
