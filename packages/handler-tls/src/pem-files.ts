import { readFileSync } from 'node:fs';
import { TlsConfigError } from './tls-errors.ts';

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a directory',
};

/** Reads a PEM file. Throws a {@link TlsConfigError} that says what is wrong; `what` is the file's role. */
export function readPem(what: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    throw new TlsConfigError(
      `The ${what} "${file}" can't be read: ${WHY[code] ?? message}. Name a PEM file.`,
      cause,
    );
  }
}
