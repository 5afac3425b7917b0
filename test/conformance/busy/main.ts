/** Busy clients in a process of their own, so that what the runner does delays none of them. */
import { BusyClients } from './busy-clients.ts';
import type { BusyQuestion } from './busy-question.ts';

let clients: BusyClients | undefined;

process.on('message', async (question: BusyQuestion) => {
  if (question.ask === 'start') {
    clients = new BusyClients(question);
    clients.start(question.connections);
    process.send?.({});
  } else process.send?.((await clients?.stop()) ?? {});
});
// They must not outlive a run that was killed.
process.once('disconnect', () => process.exit());
process.send?.({});
