import { SluiceError } from '@sluice/core';
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';

// RFC 6750 §2.1: what may follow `Bearer`.
const TOKEN = /^[\w.~+/-]{1,1024}=*$/;
const MIN_LENGTH = 16;
const MAX_FILE_BYTES = 4096;

/** The secret of those who may change something. Only its digest is kept. */
export class AdminToken {
  readonly #digest: Buffer;

  /** `place` is what an error calls it. Throws a {@link SluiceError} for a token that is short or can't be sent; it is not in the message. */
  constructor(token: string, place = 'the admin token') {
    if (token.length < MIN_LENGTH) {
      throw wrongToken(`${place}: expected at least ${MIN_LENGTH} characters, found ${token.length}.`);
    }
    if (!TOKEN.test(token)) {
      throw wrongToken(`${place}: expected letters, digits and any of - . _ ~ + /, found something else.`);
    }
    this.#digest = digestOf(token);
  }

  /** Reads a file with nothing but the token, whatever space is around it. Throws a {@link SluiceError}. */
  static fromFile(path: string): AdminToken {
    const bytes = readFile(path);
    if (bytes.length > MAX_FILE_BYTES) {
      throw wrongToken(`${path}: expected a token, found ${bytes.length} bytes.`);
    }
    return new AdminToken(bytes.toString('utf8').trim(), path);
  }

  /** Takes the same time for every candidate of a length: digests are compared, and all of their bytes. */
  matches(candidate: string): boolean {
    return timingSafeEqual(digestOf(candidate), this.#digest);
  }
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw wrongToken(
      `The admin token can't be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    );
  }
}

function wrongToken(message: string, cause?: unknown): SluiceError {
  return new SluiceError('SLUICE_ADMIN_TOKEN', message, { cause });
}
