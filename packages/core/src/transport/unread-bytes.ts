import { Buffer } from 'node:buffer';
import { readSync } from 'node:fs';
import type { Socket } from 'node:net';
import { constants } from 'node:os';
import { systemError } from './system-error.ts';

const READ_BYTES = 16 * 1024;
// What the system says of the peer of a connection that was reset.
const NOT_CONNECTED = -constants.errno.ENOTCONN;

/**
 * Takes what the operating system holds of the bytes that a peer has sent, up to `limit`; never
 * waits for more. For a connection that has failed: its socket will not read them any more.
 *
 * A socket whose bytes are not those of the connection, as one of TLS, gives none.
 */
export function unreadBytes(socket: Socket, limit: number): readonly Buffer[] {
  const fd = descriptorOf(socket);
  const unread: Buffer[] = [];
  if (fd === undefined || 'encrypted' in socket || socket.readableLength > 0) return unread;
  for (let left = limit; left > 0;) {
    const bytes = Buffer.allocUnsafe(Math.min(left, READ_BYTES));
    const length = readNow(fd, bytes);
    if (length === 0) break;
    left -= length;
    unread.push(bytes.subarray(0, length));
  }
  return unread;
}

/**
 * The failure behind the end of a connection; undefined when its peer has ended it. Node.js takes a
 * reset for an end when the last bytes came with it, but the operating system still knows; who has wrapped
 * the connection may have said more, by destroying the socket with an error when it heard of the end.
 */
export function failureAtEnd(socket: Socket): Error | undefined {
  if (socket.errored !== null) return socket.errored;
  const fd = descriptorOf(socket);
  if (fd === undefined || 'encrypted' in socket) return undefined;
  try {
    readSync(fd, Buffer.allocUnsafe(1));
    return undefined;
  } catch (error) {
    return error instanceof Error && !('code' in error && error.code === 'EAGAIN') ? error : undefined;
  }
}

/**
 * The reset behind the end of an accepted connection with TLS; undefined for another end. A reset that
 * answers a session ticket is lost in Node.js: it tells of an end, and calls back for no later write.
 */
export function resetAtEnd(socket: Socket): Error | undefined {
  const { _handle: handle } = socket as { _handle?: { getpeername?(into: object): number } | null };
  const isLost = 'encrypted' in socket && handle?.getpeername?.({}) === NOT_CONNECTED;
  return isLost ? systemError('ECONNRESET', 'read') : undefined;
}

/** What the operating system knows a socket by; undefined once it is gone, and where the platform has no descriptors. */
export function descriptorOf(socket: Socket): number | undefined {
  const { _handle: handle } = socket as { _handle?: { fd?: number } | null };
  return handle?.fd === undefined || handle.fd < 0 ? undefined : handle.fd;
}

function readNow(fd: number, bytes: Buffer): number {
  try {
    return readSync(fd, bytes);
  } catch {
    // Nothing is there, or nothing is left but the failure, which is known.
    return 0;
  }
}
