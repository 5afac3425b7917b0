import { Buffer } from 'node:buffer';
import type { OnReadOpts, Socket } from 'node:net';
import { beginTurn, endTurn } from '../concurrent/clock.ts';

// What one read asks the operating system for. Of 64 to 512 KiB, 64 costs a fifth more for each byte of a large body,
// and 128 and 256 leave a few bytes of a body of such a size for a read of their own.
const READ_BYTES = 160 * 1024;

// One for all sockets: a read fills it and its bytes are copied out before the next read of any socket.
const SHARED_BUFFER = Buffer.allocUnsafeSlow(READ_BYTES);
const SHARED_BYTES = SHARED_BUFFER.buffer;

/**
 * Has a socket read into a buffer that all sockets share, in place of one of 64 KiB made for each
 * read. What came is copied out of it, so that a connection that waits keeps no buffer.
 */
export function socketReads(onBytes: (bytes: Buffer) => void): OnReadOpts {
  return {
    buffer: SHARED_BUFFER,
    callback(length) {
      beginTurn();
      try {
        onBytes(copyOfRead(length));
      } finally {
        endTurn();
      }
      // Whether to go on reading: pauses are the channel's, by pause() and resume().
      return true;
    },
  };
}

// Views of the begin of the shared buffer, by length: those of small messages come again and again.
const MAX_KEPT_VIEW = 1024;
const VIEWS: (Uint8Array | undefined)[] = Array.from({ length: MAX_KEPT_VIEW + 1 });

function copyOfRead(length: number): Buffer {
  const copy = Buffer.allocUnsafe(length);
  copy.set(length <= MAX_KEPT_VIEW ? (VIEWS[length] ??= viewOf(length)) : viewOf(length));
  return copy;
}

function viewOf(length: number): Uint8Array {
  return new Uint8Array(SHARED_BYTES, 0, length);
}

// What node:net keeps the `onread` option of a socket under.
const READ_FIELDS: ReadonlySet<string | undefined> = new Set(['kBuffer', 'kBufferCb', 'kBufferGen']);

interface ReadInternals {
  readonly _handle?: { useUserBuffer?(buffer: Buffer): void } | null;
  [field: symbol]: unknown;
}

/**
 * Has a socket that wraps another one read into the shared buffer as that one did, from now on. Node.js has
 * no option for it: where it keeps things otherwise, or the other one has not read so, as one that somebody
 * else has made, the socket goes on as it is, with a buffer for each read.
 */
export function moveReads(from: Socket, to: Socket): void {
  const [given, wrapped] = [from, to] as unknown as [ReadInternals, ReadInternals];
  const fields = Object.getOwnPropertySymbols(from).filter(({ description }) => READ_FIELDS.has(description));
  const handle = wrapped._handle;
  // Every socket has the fields; they are empty in one that was made without the option.
  const isShared = fields.some((field) => given[field] === SHARED_BUFFER);
  if (!isShared || typeof handle?.useUserBuffer !== 'function') return;
  for (const field of fields) wrapped[field] = given[field];
  handle.useUserBuffer(SHARED_BUFFER);
}
