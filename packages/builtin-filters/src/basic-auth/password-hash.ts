import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const FORMAT =
  /^\$scrypt\$ln=(?<ln>\d{1,2}),r=(?<r>\d{1,2}),p=(?<p>\d{1,2})\$(?<salt>[\w+/-]{11,86})\$(?<key>[\w+/-]{22,86})$/;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const MAX_MEMORY_BYTES = 256 * 1024 * 1024;

/** What a hash costs: scrypt's N = 2^ln, r and p (RFC 7914). Memory is 128 · N · r bytes. */
export interface ScryptCost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** A password hash in its parts. */
export interface PasswordHash {
  readonly cost: ScryptCost;
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** 16 MiB, five times: what OWASP's password storage cheat sheet names for N = 2^14. */
export const DEFAULT_COST: ScryptCost = { ln: 14, r: 8, p: 5 };

/**
 * Makes the hash of a password for {@link BasicAuthOptions}:
 * `$scrypt$ln=14,r=8,p=5$<salt>$<key>`, salt and key in base64 without padding.
 */
export async function hashPassword(password: string, cost: ScryptCost = DEFAULT_COST): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await deriveKey(password, salt, KEY_BYTES, cost);
  const text = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
  return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${text(salt)}$${text(key)}`;
}

/** The parts of a hash; undefined for a text that is none, or costs nothing or too much to compute. */
export function parsePasswordHash(text: string): PasswordHash | undefined {
  const { groups } = FORMAT.exec(text) ?? {};
  if (groups === undefined) return undefined;
  const cost = { ln: Number(groups['ln']), r: Number(groups['r']), p: Number(groups['p']) };
  const isInRange = cost.ln >= 1 && cost.r >= 1 && cost.p >= 1 && memoryOf(cost) <= MAX_MEMORY_BYTES;
  if (!isInRange) return undefined;
  return {
    cost,
    salt: Buffer.from(groups['salt'] ?? '', 'base64'),
    key: Buffer.from(groups['key'] ?? '', 'base64'),
  };
}

/** Whether the password is the one of the hash; takes as long when it is not. Off the event loop. */
export async function verifyPassword(password: string, { cost, salt, key }: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await deriveKey(password, salt, key.length, cost), key);
}

function deriveKey(password: string, salt: Buffer, bytes: number, cost: ScryptCost): Promise<Buffer> {
  const { ln, r, p } = cost;
  // Node wants some more than the 128 · N · r of the algorithm.
  const options = { N: 2 ** ln, r, p, maxmem: 2 * memoryOf(cost) };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, bytes, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

function memoryOf({ ln, r, p }: ScryptCost): number {
  return 128 * r * (2 ** ln + p);
}
