import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';

// Enough for a process that shares the event loop to have read what was written.
const TURNS = 5;

/**
 * A connection whose first write goes out behind a preface: as one segment, or as two when `splitAt` is above 0, the
 * second after the other end has had its turn to read.
 */
export async function prefacedSocket(port: number, preface: string, splitAt: number): Promise<Duplex> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  let rest = Buffer.from(preface);
  const duplex = new Duplex({
    read: () => void socket.resume(),
    write(chunk: Buffer, _encoding, done) {
      const bytes = Buffer.concat([rest, chunk]);
      const isFirst = rest.length > 0;
      rest = Buffer.alloc(0);
      if (isFirst && splitAt > 0) writeSplit(socket, bytes, splitAt, done);
      else socket.write(bytes, done);
    },
    final: (done) => void socket.end(done),
  });
  socket.on('data', (bytes) => duplex.push(bytes));
  socket.on('end', () => duplex.push(null));
  socket.on('error', (error) => duplex.destroy(error));
  return duplex;
}

function writeSplit(socket: Socket, bytes: Buffer, splitAt: number, done: () => void): void {
  socket.write(bytes.subarray(0, splitAt));
  const wait = (turns: number): void => {
    if (turns > 0) setImmediate(wait, turns - 1);
    else socket.write(bytes.subarray(splitAt), done);
  };
  wait(TURNS);
}
