import { fakeOrigin, LEAST_HANDLERS, testGateway } from '@sluice/testing';
import type { OriginListener, TestClient, TestGateway } from '@sluice/testing';
import type { DrainOptions } from '@sluice/gateway';
import { expect, it, onTestFinished } from 'vitest';

const ELSEWHERE = { host: '10.0.0.2', port: 80 };
const CUT = 'A listener that is gone was drained; connections were closed before their end.';
const DRAINED = 'A listener that is gone was drained.';

it('has as much time for what is in flight as is declared, and says what was cut', async () => {
  const gateway = await startedWith({ timeoutMs: 600_000 });
  const client = inFlight(gateway);
  await removeListener(gateway);

  gateway.advance(599_999);
  expect(client.isOpen).toBe(true);
  gateway.advance(1);
  await gateway.settle();

  expect(client.isOpen).toBe(false);
  expect(gateway.log.entries).toMatchObject([
    {
      level: 'warn',
      message: CUT,
      fields: { listener: '10.0.0.1:80', connections: 1, forced: 1, durationMs: 600_000 },
    },
  ]);
});

it('is done when its last connection has ended, and says so', async () => {
  let answer: (response: object) => void = () => {};
  const answered = new Promise<object>((resolve) => (answer = resolve));
  const gateway = await startedWith({ timeoutMs: 600_000 }, () => answered);
  const client = inFlight(gateway);
  await removeListener(gateway);
  gateway.advance(40_000);
  answer({ body: 'late' });
  expect((await client.response(0)).text).toBe('late');
  client.close();
  await gateway.settle();

  expect(gateway.log.entries).toMatchObject([
    { level: 'info', message: DRAINED, fields: { connections: 1, forced: 0, durationMs: 40_000 } },
  ]);
});

it('leaves the time that is declared to a drain of the gateway too', async () => {
  const gateway = await startedWith({ timeoutMs: 2_000 });
  inFlight(gateway);
  const draining = gateway.gateway.drain();
  await gateway.settle();
  gateway.advance(2_000);

  expect(await draining).toMatchObject({ connections: 1, forced: 1, durationMs: 2_000 });
});

async function startedWith(
  drain: Partial<DrainOptions>,
  listener: OriginListener = () => undefined,
): Promise<TestGateway> {
  const options = { responseTimeoutMs: 3_600_000 };
  const gateway = await testGateway({
    drain,
    origins: { web: { servers: [fakeOrigin(listener)], options } },
  });
  onTestFinished(() => gateway.stop());
  return gateway;
}

/** A client with a request that is not answered. */
function inFlight(gateway: TestGateway): TestClient {
  const client = gateway.connect();
  client.send();
  return client;
}

/** Goes over to a declaration that listens elsewhere. */
async function removeListener(gateway: TestGateway): Promise<void> {
  const reloaded = gateway.gateway.reload({ listeners: [{ address: ELSEWHERE, handlers: LEAST_HANDLERS }] });
  const state = { isOver: false };
  const over = reloaded.finally(() => (state.isOver = true));
  while (!state.isOver) await gateway.settle();
  await over;
}
