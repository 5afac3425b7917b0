import { connect } from 'node:net';
import type { ListeningGateway } from '../gateway/listeners.ts';
import type { CorpusEntry } from './corpus.ts';

/** How a client sends a case and parts with the gateway. */
export type Manner = 'whole, then ends' | 'in two pieces' | 'whole, then resets';

export const MANNERS: readonly Manner[] = ['whole, then ends', 'in two pieces', 'whole, then resets'];

/** A client that hears nothing for so long has heard all. */
const QUIET_MS = 100;

/** A port of one address can't be used again for a minute; a few addresses have enough of them. */
const SOURCES = 16;
let lastSource = 0;

/** Sends one case on a connection of its own; resolves when that is over, whoever ended it. */
export function replayCase(
  listening: ListeningGateway,
  { listener, bytes }: CorpusEntry,
  manner: Manner,
): Promise<void> {
  const socket = connect({
    host: '127.0.0.1',
    port: listening[listener],
    localAddress: nextSource(),
    noDelay: true,
    allowHalfOpen: true,
  });
  socket.on('error', () => {});
  socket.once('end', () => socket.end());
  socket.resume();
  // Bytes that come or go put it off. No reset: behind a FIN that is not sent yet Node 20 never closes then.
  socket.setTimeout(QUIET_MS, () => socket.destroy());
  socket.once('connect', () => {
    if (manner === 'whole, then ends') socket.end(bytes);
    else if (manner === 'whole, then resets') socket.write(bytes, () => socket.resetAndDestroy());
    else {
      const half = Math.floor(bytes.length / 2);
      socket.write(bytes.subarray(0, half), () => setImmediate(() => socket.write(bytes.subarray(half))));
    }
  });
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
  });
}

function nextSource(): string {
  lastSource = (lastSource + 1) % SOURCES;
  return `127.0.0.${2 + lastSource}`;
}
