import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { ask } from './support/http-client.ts';
import { GatewayProcess } from './support/spawn-gateway.ts';

const MAX_DESCRIPTORS = 200;
const CLIENTS = 300;

it.runIf(process.platform === 'linux')(
  'counts and logs the clients that it turns away for want of descriptors, and serves the others and the operator',
  { timeout: 30_000 },
  async () => {
    const to = ['--to', 'http://127.0.0.1:9'];
    const args = ['proxy', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0', ...to];
    const gateway = new GatewayProcess(args, {}, undefined, MAX_DESCRIPTORS);
    await gateway.says(/try: .*\n/);
    const admin = Number(/admin: +http:\/\/127\.0\.0\.1:(\d+)/.exec(gateway.stdout)?.[1]);
    const asked = await Promise.all(Array.from({ length: CLIENTS }, () => isServed(gateway.port)));
    const turnedAway = asked.filter((served) => !served).length;
    const { body } = await ask(admin, { path: '/metrics' });
    await gateway.logs('Too few file descriptors are left', 1);

    expect(turnedAway).toBeGreaterThan(CLIENTS - MAX_DESCRIPTORS);
    expect(turnedAway).toBeLessThan(CLIENTS);
    expect(String(body)).toContain(
      `server_connections_throttled_total{id="http-${gateway.port}"} ${turnedAway}\n`,
    );
  },
);

/** Whether a client has an answer to its request; its connection stays open until the end of the test. */
async function isServed(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  onTestFinished(() => void socket.destroy());
  // Answered by the gateway itself: no origin needs a descriptor for it.
  socket.write('OPTIONS / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n');
  return await new Promise((resolve) => {
    socket.once('data', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
