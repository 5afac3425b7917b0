import { SluiceError } from '@sluice/core';
import { readFileSync } from 'node:fs';

// RFC 6750 §2.1: what may follow `Bearer`.
const TOKEN = /^[\w.~+/-]{1,1024}=*$/;
const MIN_LENGTH = 16;
const MAX_FILE_BYTES = 4096;

/** Throws a {@link SluiceError} for a token of an operator that is short or can't be sent; the token is not in the message, `place` is. */
export function checkAdminToken(token: string, place: string): void {
  if (token.length < MIN_LENGTH) {
    throw wrongToken(`${place}: expected at least ${MIN_LENGTH} characters, found ${token.length}.`);
  }
  if (!TOKEN.test(token)) {
    throw wrongToken(`${place}: expected letters, digits and any of - . _ ~ + /, found something else.`);
  }
}

/** The token in a file with nothing else, without the space around it. Throws a {@link SluiceError} for a file that has none that can be used. */
export function readAdminToken(path: string): string {
  const bytes = readFile(path);
  if (bytes.length > MAX_FILE_BYTES) {
    throw wrongToken(`${path}: expected a token, found ${bytes.length} bytes.`);
  }
  const token = bytes.toString('utf8').trim();
  checkAdminToken(token, path);
  return token;
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw wrongToken(`The admin token can't be read: ${why}`, cause);
  }
}

function wrongToken(message: string, cause?: unknown): SluiceError {
  return new SluiceError('SLUICE_ADMIN_TOKEN', message, { cause });
}
