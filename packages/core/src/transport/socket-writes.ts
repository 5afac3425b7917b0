import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import type { ChannelOutboundBuffer } from '../channel/channel-outbound-buffer.ts';

// Messages up to this size together are copied into one buffer: cheaper than a vector of them.
const JOIN_LIMIT = 16 * 1024;

// One for all sockets, until a socket keeps it.
let joinBuffer = Buffer.allocUnsafeSlow(JOIN_LIMIT);

type Written = ((error?: Error | null) => void) | undefined;

/**
 * Hands flushed bytes to the socket in one write, up to a limit, and returns how many. `mayShare`: the operating system
 * will probably take them at once, and the socket keeps nothing then, so that they may be put together in a buffer that
 * is used again.
 */
export function writeFlushed(
  socket: Socket,
  buffer: ChannelOutboundBuffer,
  limit: number,
  mayShare: boolean,
  onWritten: Written,
): number {
  if (buffer.flushedCount === 1 && buffer.currentProgress === 0) {
    const only = buffer.current() as Uint8Array;
    const piece = only.byteLength <= limit ? only : only.subarray(0, limit);
    socket.write(piece, onWritten);
    return piece.byteLength;
  }
  const pieces = piecesOf(buffer, limit);
  const bytes = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (bytes > JOIN_LIMIT) writeVector(socket, pieces, onWritten);
  else if (mayShare) writeShared(socket, pieces, bytes, onWritten);
  else socket.write(join(pieces, Buffer.allocUnsafe(bytes)), onWritten);
  return bytes;
}

/** What is to be sent next, and what of it was sent already left out. */
function piecesOf(buffer: ChannelOutboundBuffer, limit: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let left = limit;
  let start = buffer.currentProgress;
  for (let at = 0; at < buffer.flushedCount && left > 0; at++, start = 0) {
    const message = buffer.flushed(at) as Uint8Array;
    const isWhole = start === 0 && message.byteLength <= left;
    const piece = isWhole ? message : message.subarray(start, start + left);
    pieces.push(piece);
    left -= piece.byteLength;
  }
  return pieces;
}

function writeVector(socket: Socket, pieces: readonly Uint8Array[], onWritten: Written): void {
  socket.cork();
  for (const [at, piece] of pieces.entries()) {
    socket.write(piece, at === pieces.length - 1 ? onWritten : undefined);
  }
  socket.uncork();
}

function writeShared(socket: Socket, pieces: readonly Uint8Array[], bytes: number, onWritten: Written): void {
  socket.write(join(pieces, joinBuffer.subarray(0, bytes)), onWritten);
  // What waits is still read from it.
  if (socket.writableLength > 0) joinBuffer = Buffer.allocUnsafeSlow(JOIN_LIMIT);
}

function join(pieces: readonly Uint8Array[], joined: Buffer): Buffer {
  let end = 0;
  for (const piece of pieces) {
    joined.set(piece, end);
    end += piece.byteLength;
  }
  return joined;
}
