import { connect } from 'node:net';
import { RawOrigin } from './raw-origin.ts';

/** Stands before an origin and hands on the bytes of both; `cut` ends what the gateway reads, and nothing of the origin's comes any more. */
export async function cutRelay(originPort: number): Promise<{ readonly port: number; cut(): void }> {
  const relay = await RawOrigin.listen(({ socket }) => {
    const origin = connect({ host: '127.0.0.1', port: originPort, allowHalfOpen: true });
    socket.on('data', (bytes: Buffer) => origin.write(bytes));
    origin.on('data', (bytes) => {
      if (socket.writable) socket.write(bytes);
    });
    origin.once('end', () => socket.end());
    origin.on('error', () => socket.destroy());
    socket.once('close', () => origin.destroy());
  });
  return { port: relay.port, cut: () => void relay.connections.at(-1)?.socket.end() };
}
