import { expect, it } from 'vitest';
import { watchedGateway } from './support.ts';

it('keep the places of others for 5 s', async () => {
  const { admin } = await watchedGateway();
  const { gateway } = admin;
  const clients = Array.from({ length: 64 }, () => gateway.connectRaw());
  for (const client of clients) client.send('GET /ready HTTP/1.1\r\nHost: loc');
  await gateway.settle();
  gateway.advance(4_999);
  const refused = gateway.connectRaw();
  await gateway.settle();
  gateway.advance(1);
  await gateway.settle();
  for (const client of clients) client.close();
  await gateway.settle();

  expect(refused.end).not.toBe('open');
  for (const client of clients) expect(client.received).toMatch(/^HTTP\/1\.1 408 /);
  expect((await admin.get('/ready')).status).toBe(200);
});
