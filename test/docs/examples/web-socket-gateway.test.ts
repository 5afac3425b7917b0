import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { webSocketGateway } from '../../../examples/web-socket-gateway/web-socket-gateway.ts';

it('gives each server as many sockets', async () => {
  const port = await startGateway([await startServer('a'), await startServer('b')]);
  const names = [];
  for (let count = 0; count < 4; count++) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/live/feed`);
    onTestFinished(() => socket.terminate());
    const [name] = (await once(socket, 'message')) as [Buffer];
    names.push(String(name));
  }

  expect(names.toSorted()).toEqual(['a', 'a', 'b', 'b']);
});

it('has sockets on /live alone', async () => {
  const port = await startGateway([await startServer('a')]);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/other`);
  const [error] = (await once(socket, 'error')) as [Error];

  expect(error.message).toContain('404');
});

async function startServer(name: string): Promise<number> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  server.on('connection', (socket) => socket.send(name));
  return (server.address() as AddressInfo).port;
}

async function startGateway(origins: readonly number[]): Promise<number> {
  const gateway = webSocketGateway(0, origins);
  await gateway.start();
  onTestFinished(() => gateway.stop());
  const [address] = gateway.addresses;
  return address && 'port' in address ? address.port : 0;
}
