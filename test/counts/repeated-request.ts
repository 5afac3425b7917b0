import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { BODY_END } from './counted-origin.ts';

/** Asks a gateway for the same thing, over and over. */
export interface RepeatedRequest {
  send(times: number): Promise<void>;
  close(): void;
}

/** One after the other on the same connection. */
export async function onKeptConnection(port: number): Promise<RepeatedRequest> {
  const socket = await open(port);
  return {
    async send(times) {
      for (let left = times; left > 0; left--) await exchange(socket, '');
    },
    close: () => socket.destroy(),
  };
}

/** Each on a connection of its own, which the gateway ends; so many at a time. */
export function onNewConnections(port: number, together = 1): Promise<RepeatedRequest> {
  return Promise.resolve({
    async send(times) {
      let left = times;
      const sendOn = async (): Promise<void> => {
        while (left-- > 0) await exchangeAlone(port);
      };
      await Promise.all(Array.from({ length: together }, sendOn));
    },
    close: () => {},
  });
}

async function exchangeAlone(port: number): Promise<void> {
  const socket = await open(port);
  const ended = once(socket, 'close');
  await exchange(socket, 'Connection: close\r\n');
  await ended;
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

async function exchange(socket: Socket, fields: string): Promise<void> {
  socket.write(`GET /small HTTP/1.1\r\nHost: counts.test\r\n${fields}\r\n`);
  for (let end = ''; end !== BODY_END;) {
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    end = (end + bytes.toString('latin1', Math.max(0, bytes.length - BODY_END.length))).slice(
      -BODY_END.length,
    );
  }
}
