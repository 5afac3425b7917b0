import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { connect as connectTls, createSecureContext, TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ChannelOption, NotYetConnectedError, silentLogger, SocketChannel } from '@sluice/core';
import type { ChannelHandler, ChannelHandlerContext } from '@sluice/core';
import { clientChannel, listen, loop, pattern, peerOf, receiveAll, turns } from '../support/sockets.ts';
import type { TestServer } from '../support/sockets.ts';

type Served = Pick<TestServer, 'address' | 'accept'>;

// Without certificates: what is wrapped around the socket makes no difference to the channel.
const ANONYMOUS = { ciphers: 'AECDH-AES128-SHA:@SECLEVEL=0', maxVersion: 'TLSv1.2' } as const;
const context = createSecureContext(ANONYMOUS);

describe('a channel whose socket is wrapped', () => {
  it('gives what it has received already to the new socket, and fires what that reads', async () => {
    const { peer, child, received } = await wrappedAtFirstBytes();
    peer.write('decrypted');
    await until(() => received.length > 0);

    expect(received.join('')).toBe('decrypted');
    expect(child.remoteAddress).toEqual({ host: '127.0.0.1', port: peer.localPort });
  });

  it.each([
    ['that the transport has made', listen],
    ['that was given', listenWithOwnSockets],
  ])('goes on to read through a socket %s', async (_whose, serve) => {
    const { peer, received } = await wrappedAtFirstBytes(undefined, serve);
    for (const piece of ['one', 'two', 'three']) {
      const before = received.length;
      peer.write(piece);
      await until(() => received.length > before);
    }

    expect(received).toEqual(['one', 'two', 'three']);
  });

  it('sends megabytes whole, with one flush under way at a time', async () => {
    const bytes = pattern(5_000_000);
    const { peer, child } = await wrappedAtFirstBytes();
    child.write(bytes.subarray(0, 2_000_000));
    child.writeAndFlush(bytes.subarray(2_000_000));
    child.shutdownOutput();

    expect((await receiveAll(peer)).equals(bytes)).toBe(true);
    expect(child.isActive).toBe(true);
  });

  it('completes the handshake of the new socket while reads are paused, and fires its bytes after', async () => {
    const { peer, child, received } = await wrappedAtFirstBytes((channel) => channel.pauseReads());
    peer.write('later');
    await turns(50);
    const before = received.length;
    child.resumeReads();
    await until(() => received.length > 0);

    expect(before).toBe(0);
    expect(received.join('')).toBe('later');
  });

  it('sees the end of the new socket, and can still send', async () => {
    const { peer, child, events } = await wrappedAtFirstBytes();
    peer.end();
    await until(() => events.includes('ChannelInputShutdownEvent'));
    child.writeAndFlush(Buffer.from('answer'));
    child.shutdownOutput();

    expect((await receiveAll(peer)).toString()).toBe('answer');
  });

  it('resets the connection under the new socket', async () => {
    const { peer, child } = await wrappedAtFirstBytes();
    const failed = new Promise((resolve) => peer.once('error', resolve));
    child.reset();

    expect(await failed).toMatchObject({ code: 'ECONNRESET' });
    expect(child.isActive).toBe(false);
  });

  it('goes inactive when the new socket fails', async () => {
    const { peer, child, events } = await wrappedAtFirstBytes();
    (peer as unknown as { _parent: { write(text: string): void } })._parent.write('no record');
    await child.closeFuture.toPromise();
    await until(() => events.includes('inactive'));

    expect(child.isActive).toBe(false);
  });

  it('must be connected', () => {
    expect(() => clientChannel().wrapSocket((socket) => socket)).toThrow(NotYetConnectedError);
  });
});

async function wrappedAtFirstBytes(
  beforeWrap: (channel: SocketChannel) => void = () => {},
  serve: (...args: Parameters<typeof listen>) => Promise<Served> = listen,
) {
  const received: string[] = [];
  const events: string[] = [];
  let isWrapped = false;
  const wrapper: ChannelHandler = {
    channelRead(ctx: ChannelHandlerContext, bytes: Buffer): void {
      if (isWrapped) {
        received.push(bytes.toString());
        return;
      }
      isWrapped = true;
      const channel = ctx.channel as SocketChannel;
      beforeWrap(channel);
      const options = { isServer: true, secureContext: context };
      const socket = channel.wrapSocket((raw) => new TLSSocket(raw, options), bytes);
      socket.on('_tlsError', (error: Error) => socket.destroy(error));
    },
    channelInactive: () => void events.push('inactive'),
    exceptionCaught: () => void events.push('error'),
    userEventTriggered: (_ctx: never, event: object) => void events.push(event.constructor.name),
  };
  const server = await serve((accepted) => {
    accepted.config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    return [wrapper];
  });
  const raw = await peerOf(server);
  const peer = connectTls({ socket: raw, rejectUnauthorized: false, ...ANONYMOUS });
  const [child] = await Promise.all([server.accept(), once(peer, 'secureConnect')]);
  return { peer, child, received, events };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turns(1);
}

/** As {@link listen}, with channels over sockets that somebody else has accepted. */
async function listenWithOwnSockets(
  handlers: (child: SocketChannel) => readonly ChannelHandler[],
): Promise<Served> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  const children = once(server, 'connection').then(([socket]) => {
    const child = new SocketChannel({ socket: socket as Socket, logger: silentLogger });
    child.pipeline.addHandlersLast(...handlers(child));
    void child.register(loop);
    onTestFinished(() => void child.close());
    return child;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { address: { host: '127.0.0.1', port }, accept: () => children };
}
