import { createCipheriv, createHash } from 'node:crypto';
import { Readable } from 'node:stream';

const PIECE = Buffer.alloc(65_536);
const IV = Buffer.alloc(16);

/** The bytes that belong to a token and no other, without a pattern, the same in every process. */
export function* randomPieces(token: number, bytes: number): Generator<Buffer> {
  const key = Buffer.alloc(16);
  key.writeDoubleBE(token);
  const cipher = createCipheriv('aes-128-ctr', key, IV);
  for (let left = bytes; left > 0; left -= PIECE.length) {
    yield cipher.update(PIECE.subarray(0, Math.min(PIECE.length, left)));
  }
}

/** {@link randomPieces} as they are taken. */
export function randomBody(token: number, bytes: number): Readable {
  return Readable.from(randomPieces(token, bytes), { objectMode: false });
}

/** SHA-256 of a body that is due. */
export function dueHash(token: number, bytes: number): string {
  const hash = createHash('sha256');
  for (const piece of randomPieces(token, bytes)) hash.update(piece);
  return hash.digest('hex');
}

/** SHA-256 of a body that comes. */
export async function hashOf(body: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of body) hash.update(piece);
  return hash.digest('hex');
}
