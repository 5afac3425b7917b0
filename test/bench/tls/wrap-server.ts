/** Answers with as many bytes as each request of four bytes asks for, over TLS on the socket itself or on a Duplex. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { listeningPort } from '../../support/process/listening-port.ts';
import { bridge } from './duplex-bridge.ts';

const [, , way = '', certFile = '', keyFile = ''] = process.argv;
const secureContext = createSecureContext({ cert: readFileSync(certFile), key: readFileSync(keyFile) });
const BYTES = Buffer.alloc(1_048_576, 'sluice ');

const server = createServer({ noDelay: true }, (raw) => {
  const socket = new TLSSocket(way === 'native' ? raw : bridge(raw), { isServer: true, secureContext });
  socket.on('data', (request: Buffer) => socket.write(BYTES.subarray(0, request.readUInt32BE(0))));
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: listeningPort(server) }));
process.on('message', () => process.send?.(process.cpuUsage()));
process.once('disconnect', () => process.exit());
