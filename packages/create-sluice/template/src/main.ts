import 'reflect-metadata';
import { formatAddress } from '@sluice/core';
import { makeGateway } from './gateway.ts';
import { readSettings } from './settings.ts';

const gateway = makeGateway(readSettings(process.env));
await gateway.start();
console.log(`listening on ${gateway.addresses.map(formatAddress).join(', ')}`);

/** The first signal lets requests in flight end; a second one ends the process at once. */
async function stop(): Promise<void> {
  process.once('SIGTERM', () => process.exit(143));
  process.once('SIGINT', () => process.exit(130));
  const { connections, forced } = await gateway.drain();
  console.log(`drained ${connections} connections, ${forced} of them by force`);
}

process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
