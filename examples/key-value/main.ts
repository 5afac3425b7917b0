import { formatAddress } from '@sluice/core';
import { keyValueServer } from './key-value-server.ts';

const bound = keyValueServer().bind({ host: '127.0.0.1', port: Number(process.env['PORT'] ?? 7070) });
await bound.toPromise();
const { localAddress } = bound.channel;
if (localAddress) console.log(`listening on ${formatAddress(localAddress)}`);
