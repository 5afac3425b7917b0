import type { Scenario } from '../scenarios.ts';
import { LoadConnection, type LoadObserver } from '../load/load-connection.ts';
import { ClosedLoop } from '../load/pace.ts';

const CONNECTIONS = 16;

/** Sends so many requests over some connections and resolves when they are answered; rejects at the first that fails. */
export async function sendRequests(port: number, scenario: Scenario, count: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let left = count;
    const observer: LoadObserver = {
      completed() {
        left -= 1;
        if (left === 0) void stopAll(connections).then(resolve);
      },
      failed: (reason) => reject(new Error(reason)),
    };
    const connections = Array.from(
      { length: CONNECTIONS },
      () => new LoadConnection(port, scenario, observer, new ClosedLoop()),
    );
    for (const connection of connections) connection.open();
  });
}

async function stopAll(connections: readonly LoadConnection[]): Promise<void> {
  await Promise.all(connections.map((connection) => connection.stop()));
}
