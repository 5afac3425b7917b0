import { expect, it } from 'vitest';
import { adminGateway } from '@sluice/admin';
import { watchedGateway } from './support.ts';

it.each([
  { host: '127.0.0.1', port: 0 },
  { host: '127.9.9.9', port: 0 },
  { host: '::1', port: 0 },
  { host: '::ffff:127.0.0.1', port: 0 },
  { host: 'localhost', port: 0 },
  { path: '/run/sluice/admin.sock' },
])('listens on %j', async (address) => {
  const { source } = await watchedGateway();

  expect(() => adminGateway({ address, source })).not.toThrow();
});

it.each(['0.0.0.0', '::', '192.0.2.1', '127.evil.example', '128.0.0.1', 'localhost.example', ''])(
  'does not listen on %j unless that is allowed',
  async (host) => {
    const { source } = await watchedGateway();
    const address = { host, port: 9901 };

    expect(() => adminGateway({ address, source })).toThrow(
      /^The admin listener shows everything to whoever reaches it/,
    );
    expect(() => adminGateway({ address, source, allowRemote: true })).not.toThrow();
  },
);

it('ends idle connections at once when it is drained, and lets a request in flight end', async () => {
  const { source, admin } = await watchedGateway();
  const idle = admin.gateway.connectRaw();
  idle.send('GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await admin.gateway.settle();
  const drained = admin.gateway.gateway.drain({ timeoutMs: 1000, idleMs: 0 });
  await admin.gateway.settle();
  admin.gateway.advance(1);

  expect(await drained).toMatchObject({ connections: 1, forced: 0 });
  expect(source.status()).toMatchObject({ isReady: true });
});
