import { freePort } from '../../support/process/free-port.ts';
import { pollUntil } from '../../support/poll-until.ts';
import { AskingClient, type Asked } from '../client/asking-client.ts';
import { PacedClient } from '../client/paced-client.ts';
import { exactly, noted, type Finding } from '../finding.ts';
import type { LoadBench } from '../load-bench.ts';

export type RestartSettings = { restarts: number; ratePerSecond: number; churningClients: number };

export const RESTARTS_LONG: RestartSettings = { restarts: 50, ratePerSecond: 2_000, churningClients: 24 };
export const RESTARTS_SHORT: RestartSettings = { restarts: 1, ratePerSecond: 50, churningClients: 2 };

const WORKERS = 2;
const RESTARTED_WITHIN_MS = 60_000;
const CHURN_PAUSE_MS = 10;
const RESTARTED = 'All workers are new';
const CLOSING = Buffer.from('GET /small HTTP/1.1\r\nHost: load.test\r\nConnection: close\r\n\r\n');

/** That all workers can be changed for new ones under load without the loss of a request or of a connection. */
export async function restarts(bench: LoadBench, settings: RestartSettings): Promise<Finding[]> {
  const origin = await bench.startOrigin();
  const port = await freePort();
  const to = `http://127.0.0.1:${origin.port}`;
  const args = ['proxy', '--to', to, '--listen', `127.0.0.1:${port}`, '--workers', String(WORKERS)];
  const gateway = await bench.startGateway({ name: 'restarts', args, port });
  const steady = new PacedClient(port, settings.ratePerSecond);
  let isOver = false;
  const churn = { answered: 0, failed: [] as string[] };
  const hear = ({ status, head, lost }: Asked): void => {
    if (status === 200) churn.answered += 1;
    else churn.failed.push(lost ?? head);
  };
  try {
    steady.start();
    const churning = Array.from({ length: settings.churningClients }, () =>
      new AskingClient(port).run(
        () => isOver,
        () => CLOSING,
        () => CHURN_PAUSE_MS,
        hear,
      ),
    );
    let done = 0;
    for (; done < settings.restarts; done += 1) {
      gateway.signal('SIGUSR2');
      const due = done + 1;
      const restarted = await pollUntil(
        () => Promise.resolve(gateway.logged(RESTARTED)),
        (times) => times >= due,
        RESTARTED_WITHIN_MS,
      );
      if (restarted < due) break;
      bench.progress(`restarts: ${due}`);
    }
    isOver = true;
    await Promise.all(churning);
    const { answered, failed, firstFailure } = steady.take();
    return [
      exactly('35', 'rolling restarts', done, settings.restarts),
      noted('35', 'requests on kept connections', String(answered)),
      exactly('35', 'requests on kept connections that failed', firstFailure ?? failed, 0),
      noted('35', 'new connections with a request', String(churn.answered)),
      exactly('35', 'new connections refused or their request failed', churn.failed[0] ?? 0, 0),
    ];
  } finally {
    isOver = true;
    await steady.stop();
  }
}
