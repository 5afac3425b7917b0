/** Normal clients in a process of their own, so that what a program does beside them delays none of them. */
import { PacedClient } from '../client/paced-client.ts';
import type { NormalQuestion } from './normal-question.ts';

let client: PacedClient | undefined;

process.on('message', async (question: NormalQuestion) => {
  if (question.ask === 'start') {
    client = new PacedClient(question.port, question.ratePerSecond);
    client.start();
  }
  if (question.ask === 'stop') await client?.stop();
  process.send?.(client?.take() ?? {});
});
// They must not outlive a program that was killed.
process.once('disconnect', () => process.exit());
process.send?.({});
