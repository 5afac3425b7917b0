import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import type { ChannelOutboundBuffer } from '../channel/channel-outbound-buffer.ts';

// Messages up to this size together are copied into one buffer: cheaper than a vector of them.
const JOIN_LIMIT = 16 * 1024;

// One for all sockets, until a socket keeps it.
let joinBuffer = Buffer.allocUnsafeSlow(JOIN_LIMIT);

type Written = ((error?: Error | null) => void) | undefined;

/**
 * Hands flushed messages to the socket in one write. `mayShare`: the operating system will probably take
 * it at once, and the socket keeps nothing of it then, so that it may be put together in a buffer that is used again.
 */
export function writeFlushed(
  socket: Socket,
  buffer: ChannelOutboundBuffer,
  mayShare: boolean,
  onWritten: Written,
): void {
  const count = buffer.flushedCount;
  if (count === 1) {
    socket.write(buffer.flushed(0) as Uint8Array, onWritten);
    return;
  }
  const bytes = lengthOf(buffer, count);
  if (bytes > JOIN_LIMIT) writeVector(socket, buffer, count, onWritten);
  else if (mayShare) writeShared(socket, buffer, count, bytes, onWritten);
  else socket.write(join(buffer, count, Buffer.allocUnsafe(bytes)), onWritten);
}

function writeVector(socket: Socket, buffer: ChannelOutboundBuffer, count: number, onWritten: Written): void {
  socket.cork();
  for (let at = 0; at < count - 1; at++) socket.write(buffer.flushed(at) as Uint8Array);
  socket.write(buffer.flushed(count - 1) as Uint8Array, onWritten);
  socket.uncork();
}

function writeShared(
  socket: Socket,
  buffer: ChannelOutboundBuffer,
  count: number,
  bytes: number,
  onWritten: Written,
): void {
  socket.write(join(buffer, count, joinBuffer.subarray(0, bytes)), onWritten);
  // What waits is still read from it.
  if (socket.writableLength > 0) joinBuffer = Buffer.allocUnsafeSlow(JOIN_LIMIT);
}

function lengthOf(buffer: ChannelOutboundBuffer, count: number): number {
  let bytes = 0;
  for (let at = 0; at < count; at++) bytes += (buffer.flushed(at) as Uint8Array).byteLength;
  return bytes;
}

function join(buffer: ChannelOutboundBuffer, count: number, joined: Buffer): Buffer {
  let end = 0;
  for (let at = 0; at < count; at++) {
    const message = buffer.flushed(at) as Uint8Array;
    joined.set(message, end);
    end += message.byteLength;
  }
  return joined;
}
