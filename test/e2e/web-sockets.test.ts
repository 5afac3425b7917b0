import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { ask } from './support/http-client.ts';
import { startGateway } from './support/start-gateway.ts';

describe('WebSockets of ws through the gateway', () => {
  it('carry text and binary messages of any size both ways', async () => {
    const { port } = await startGateway(await startEchoServer());
    const socket = await open(port);
    const messages = [Buffer.from('hello'), Buffer.alloc(0), Buffer.alloc(300_000, 7), Buffer.from('bye')];
    for (const message of messages) {
      socket.send(message);
      const [data] = (await once(socket, 'message')) as [Buffer];
      expect(data.equals(message)).toBe(true);
    }
  });

  it('pass on pings, the subprotocol and the code of the close', async () => {
    const { port } = await startGateway(await startEchoServer());
    const socket = await open(port, ['chat']);
    expect(socket.protocol).toBe('chat');
    socket.ping();
    await once(socket, 'pong');
    socket.close(4001, 'done');
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];

    expect([code, reason.toString()]).toEqual([4001, 'done']);
  });

  it('of many clients at once stay apart', async () => {
    const { gateway, port } = await startGateway(await startEchoServer());
    const sockets = await Promise.all(Array.from({ length: 20 }, () => open(port)));
    const answers = await Promise.all(
      sockets.map(async (socket, at) => {
        socket.send(`message ${at}`);
        const [data] = (await once(socket, 'message')) as [Buffer];
        return data.toString();
      }),
    );

    expect(answers).toEqual(sockets.map((_, at) => `message ${at}`));
    for (const socket of sockets) socket.terminate();
    while ((gateway.getOrigin('origin')?.connectionCount ?? 0) > 0) await turn();
  });

  it('that the server refuses get its answer, and its connection is used again', async () => {
    const server = await startEchoServer({ refuse: true });
    const { gateway, port } = await startGateway(server);
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain('401');
    const answer = await ask(port);

    expect(answer.status).toBe(426);
    expect(gateway.getOrigin('origin')?.connectionCount).toBeLessThanOrEqual(1);
  });

  it('that say nothing for the idle time are closed', async () => {
    const { port } = await startGateway(await startEchoServer(), { tunnelIdleTimeoutMs: 30 });
    const socket = await open(port);
    const [code] = (await once(socket, 'close')) as [number];

    expect(code).toBe(1006);
  });
});

async function startEchoServer({ refuse = false } = {}): Promise<number> {
  const http = createServer((_request, response) => response.writeHead(426).end());
  const server = new WebSocketServer({ server: http, verifyClient: () => !refuse });
  server.on('connection', (socket) => {
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    // A client that was cut off resets the connection.
    socket.on('error', () => {});
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    server.close();
    for (const client of server.clients) client.terminate();
    http.close();
    http.closeAllConnections();
  });
  return (http.address() as AddressInfo).port;
}

async function open(port: number, protocols: string[] = []): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/echo`, protocols);
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  return socket;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
