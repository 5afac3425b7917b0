import { createHmac, randomBytes } from 'node:crypto';
import { LruMap } from '../shared/lru-map.ts';
import type { BasicAuthOptions } from './basic-auth-options.ts';
import type { BasicCredentials } from './basic-credentials.ts';
import { DecoyHashes } from './decoy-hashes.ts';
import { verifyPassword } from './password-hash.ts';
import { Turnstile } from './turnstile.ts';
import { readUsers } from './user-list.ts';
import type { UserList } from './user-list.ts';

const KEY_BYTES = 32;

/**
 * Verifies credentials, and remembers those that were right for a while: a hash is made to be slow.
 * The memory holds digests under a key of this process, from which nobody gets a password back.
 */
export class CredentialVerifier {
  readonly #users: UserList;
  readonly #decoys: DecoyHashes;
  readonly #ttlMs: number;
  readonly #secret = randomBytes(KEY_BYTES);
  /** Until when a digest counts. */
  readonly #verified: LruMap<string, number>;
  readonly #underWay = new Map<string, Promise<boolean>>();
  readonly #turnstile: Turnstile;

  constructor(options: BasicAuthOptions) {
    this.#users = readUsers(options);
    this.#decoys = new DecoyHashes(this.#users);
    this.#ttlMs = options.cacheTtlMs;
    this.#verified = new LruMap(options.maxCachedCredentials);
    this.#turnstile = new Turnstile(options.maxConcurrentVerifications, options.maxPendingVerifications);
  }

  /** Whether they are right: at once when it is known; undefined when too many wait. `now`: in ms. */
  verify(credentials: BasicCredentials, now: number): boolean | Promise<boolean> | undefined {
    const digest = this.#digest(credentials);
    const until = this.#verified.get(digest);
    if (until !== undefined && now < until) return true;
    // A browser sends many requests at once: one computation serves them all.
    return this.#underWay.get(digest) ?? this.#start(digest, credentials, now);
  }

  #start(digest: string, credentials: BasicCredentials, now: number): Promise<boolean> | undefined {
    const verification = this.#turnstile.run(() => this.#compute(credentials));
    const outcome = verification?.then((isRight) => {
      if (isRight) this.#verified.set(digest, now + this.#ttlMs);
      return isRight;
    });
    if (outcome === undefined) return undefined;
    const forget = (): void => void this.#underWay.delete(digest);
    this.#underWay.set(digest, outcome);
    outcome.then(forget, forget);
    return outcome;
  }

  // A name that nobody has takes as long as a wrong password: it can't be told apart.
  async #compute({ user, password }: BasicCredentials): Promise<boolean> {
    const hash = this.#users.get(user);
    const isRight = await verifyPassword(password, hash ?? this.#decoys.hashFor(user));
    return isRight && hash !== undefined;
  }

  #digest({ user, password }: BasicCredentials): string {
    // A name has no colon.
    return createHmac('sha256', this.#secret).update(`${user}:${password}`).digest('base64');
  }
}
