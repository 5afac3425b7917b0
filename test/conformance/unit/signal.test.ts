import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { listeningPort } from '../../support/process/listening-port.ts';
import { Signal } from '../wire/signal.ts';

const DEADLINE_MS = 10;

it('counts what came before the deadline, though the process stood still until after it', async () => {
  const [near, far] = await socketPair();
  const signal = new Signal();
  let received = '';
  near.on('data', (bytes) => {
    received += String(bytes);
    signal.notify();
  });
  far.write('here');
  const waiting = signal.until(() => received === 'here', DEADLINE_MS);

  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5 * DEADLINE_MS);

  expect(await waiting).toBe(true);
});

async function socketPair(): Promise<readonly [Socket, Socket]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const near = connect(listeningPort(server), '127.0.0.1');
  const [far] = (await accepted) as [Socket];
  onTestFinished(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return [near, far];
}
