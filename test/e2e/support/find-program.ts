import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

// Where the programs of the system are, also when PATH leaves them out.
const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];

/**
 * Finds a program that tests run against. Where it is not installed the tests are skipped with a
 * word about it; on CI that is an error, so that they are not lost unseen.
 */
export function findProgram(name: string): string | undefined {
  const path = FOLDERS.map((folder) => join(folder, name)).find(isExecutable);
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
