import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** Reads a regular file up to a size, as UTF-8. Throws an Error whose message says why it can't. */
export function readText(path: string, shownPath: string, maxBytes: number): string {
  const bytes = readBytes(path, shownPath, maxBytes);
  try {
    return new TextDecoder('utf8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`can't read "${shownPath}": it is not UTF-8`);
  }
}

/** Reads a regular file up to a size. Throws an Error whose message says why it can't. */
export function readBytes(path: string, shownPath: string, maxBytes: number): Buffer {
  const descriptor = open(path, shownPath);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new Error(`can't read "${shownPath}": it is not a file`);
    if (stat.size > maxBytes) {
      throw new Error(
        `can't read "${shownPath}": it has ${stat.size} bytes, at most ${maxBytes} are allowed`,
      );
    }
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

// A named pipe would block without O_NONBLOCK until somebody writes to it.
function open(path: string, shownPath: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw new Error(`can't read "${shownPath}": ${reasonOf(cause)}`, { cause });
  }
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'this user may not read it';
  return code ?? message;
}
