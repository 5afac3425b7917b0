import 'reflect-metadata/lite';
import { formatAddress, setUpV8, SluiceError } from '@sluice/core';
import { Gateway } from '@sluice/gateway';
import { readDeclaration } from './read-declaration.ts';

const FILE = process.argv[2] ?? 'gateway.yaml';
const EXIT_CONFIG = 2;

setUpV8();

try {
  const gateway = new Gateway(await readDeclaration(FILE));
  await gateway.start();
  console.log(`listening on ${gateway.addresses.map(formatAddress).join(', ')}`);
  process.once('SIGTERM', () => void stop(gateway));
  process.once('SIGINT', () => void stop(gateway));
} catch (cause) {
  // Of the file, or of an address: the message says what to do, and where it came from does not matter.
  if (!(cause instanceof SluiceError)) throw cause;
  console.error(cause.message);
  process.exitCode = EXIT_CONFIG;
}

/** Lets requests in flight end; a second signal ends the process at once. */
async function stop(gateway: Gateway): Promise<void> {
  process.once('SIGTERM', () => process.exit(143));
  process.once('SIGINT', () => process.exit(130));
  const { connections, forced } = await gateway.drain();
  console.log(`drained ${connections} connections, ${forced} of them by force`);
}
