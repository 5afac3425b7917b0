import { checkAdminToken, readAdminToken } from '@sluice/gateway';
import { createHash, timingSafeEqual } from 'node:crypto';

/** The secret of those who may change something. Only its digest is kept. */
export class AdminToken {
  readonly #digest: Buffer;

  /** `place` is what an error calls it. Throws a SluiceError for a token that is short or can't be sent; it is not in the message. */
  constructor(token: string, place = 'the admin token') {
    checkAdminToken(token, place);
    this.#digest = digestOf(token);
  }

  /** Reads a file with nothing but the token, whatever space is around it. Throws a SluiceError. */
  static fromFile(path: string): AdminToken {
    return new AdminToken(readAdminToken(path), path);
  }

  /** Takes the same time for every candidate of a length: digests are compared, and all of their bytes. */
  matches(candidate: string): boolean {
    return timingSafeEqual(digestOf(candidate), this.#digest);
  }
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
