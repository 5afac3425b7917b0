import { createHash, createHmac } from 'node:crypto';
import type { PasswordHash } from './password-hash.ts';
import type { UserList } from './user-list.ts';

const INDEX_BYTES = 6;

/**
 * What a password is verified against where nobody has the name: a hash of a user, so that it takes as long. Hashes
 * may differ in cost. A name always has the same one, and names have them all, so that the time tells no more of a
 * name that nobody has than of one that somebody has. The key is made of the hashes, which are as secret: it is the
 * same in all workers and after a restart, or a name whose time changes would be known for one that nobody has.
 */
export class DecoyHashes {
  readonly #hashes: readonly PasswordHash[];
  readonly #secret: Buffer;

  /** `users`: at least one. */
  constructor(users: UserList) {
    this.#hashes = [...users.values()];
    const digest = createHash('sha256');
    for (const { key } of this.#hashes) digest.update(key);
    this.#secret = digest.digest();
  }

  hashFor(name: string): PasswordHash {
    const digest = createHmac('sha256', this.#secret).update(name).digest();
    const hash = this.#hashes[digest.readUIntBE(0, INDEX_BYTES) % this.#hashes.length];
    if (hash === undefined) throw new TypeError('There is no user.');
    return hash;
  }
}
