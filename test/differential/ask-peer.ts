import { connect } from 'node:net';
import type { Peer } from './peer.ts';

// For a peer that waits for more: none of ours is slower than that.
const SILENCE_MS = 1_000;

/** The statuses of a peer's final responses to some bytes that end in a half-close; empty when it said nothing. */
export function askPeer({ port }: Peer, bytes: string): Promise<readonly number[]> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    let received = '';
    const done = (): void => {
      socket.destroy();
      const statuses = [...received.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map(([, status]) => Number(status));
      resolve(statuses.filter((status) => status >= 200));
    };
    socket.setTimeout(SILENCE_MS, done);
    socket.on('data', (piece: Buffer) => (received += piece.toString('latin1')));
    for (const event of ['end', 'error', 'close']) socket.once(event, done);
    socket.end(Buffer.from(bytes, 'latin1'));
  });
}

/** Whether a peer has refused the first request: with an error, or without a word. */
export function refused(statuses: readonly number[]): boolean {
  const [first] = statuses;
  return first === undefined || first >= 400;
}
