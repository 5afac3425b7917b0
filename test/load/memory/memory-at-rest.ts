import { setTimeout as delay } from 'node:timers/promises';
import { pollUntil } from '../../support/poll-until.ts';
import type { GatewayUnderTest } from '../gateway/gateway-under-test.ts';
import type { MemoryReading } from '../gateway/memory-reading.ts';
import type { LoadOrigin } from '../origin/load-origin.ts';

const AT_REST_WITHIN_MS = 15_000;
/** What finalizers hold is free some turns and a collection later. */
const REST_MS = 1_500;

/** Whatever the gateway sends requests to. */
type Origin = Pick<LoadOrigin, 'closeConnections'>;

/**
 * Ends the connections between the gateway and its origin, how many of them the load has made being chance, and reads
 * what the gateway holds when no socket is left; or what it still holds after a while.
 */
export async function memoryAtRest(gateway: GatewayUnderTest, origin: Origin): Promise<MemoryReading> {
  const deadline = performance.now() + AT_REST_WITHIN_MS;
  for (;;) {
    await pollUntil(
      async () => {
        // Again each time: a request of a client that is gone may make another one.
        await origin.closeConnections();
        return gateway.resources();
      },
      ({ sockets }) => sockets === 0 || performance.now() > deadline,
      AT_REST_WITHIN_MS,
    );
    await delay(REST_MS);
    const reading = await gateway.memory();
    if (reading.sockets === 0 || performance.now() > deadline) return reading;
  }
}
