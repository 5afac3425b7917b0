import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import {
  Bootstrap,
  ChannelInitializer,
  NodeEventLoop,
  ServerBootstrap,
  ServerSocketChannel,
  silentLogger,
  SocketChannel,
  SystemClock,
} from '@sluice/core';
import type { ChannelHandler, EventLoop, InetSocketAddress, SocketAddress } from '@sluice/core';

export const loop = new NodeEventLoop(new SystemClock(), silentLogger);

export interface TestServer {
  readonly channel: ServerSocketChannel;
  readonly address: SocketAddress;
  readonly port: number;
  /** The next accepted channel that was not given out yet, once it is active. */
  accept(): Promise<SocketChannel>;
}

/** A listening channel on loopback whose children get these handlers; closed when the test ends. */
export async function listen(
  handlers: (child: SocketChannel) => readonly ChannelHandler[],
  at: SocketAddress = { host: '127.0.0.1', port: 0 },
  group: EventLoop = loop,
): Promise<TestServer> {
  const channel = new ServerSocketChannel({ logger: silentLogger });
  const accepted: SocketChannel[] = [];
  const waiting: ((child: SocketChannel) => void)[] = [];
  const bootstrap = new ServerBootstrap()
    .group(group)
    .channelFactory(() => channel)
    .childHandler(
      new ChannelInitializer((made) => {
        const child = made as SocketChannel;
        child.pipeline.addHandlersLast(...handlers(child));
        onTestFinished(() => void child.close());
        const next = waiting.shift();
        if (next) queueMicrotask(() => next(child));
        else accepted.push(child);
      }),
    );
  onTestFinished(() => closed(channel));
  await bootstrap.bind(at).toPromise();
  const address = channel.localAddress ?? at;
  return {
    channel,
    address,
    port: (address as InetSocketAddress).port,
    accept: () => {
      const child = accepted.shift();
      return child ? Promise.resolve(child) : new Promise((resolve) => waiting.push(resolve));
    },
  };
}

/** A plain Node.js socket connected to a server, ended with the test. */
export async function peerOf({ address }: Pick<TestServer, 'address'>): Promise<Socket> {
  const socket = connect({ ...address, allowHalfOpen: true });
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Closes a channel and waits until it is. */
export async function closed(channel: { close(): { toPromise(): Promise<void> } }): Promise<void> {
  await channel.close().toPromise();
}

/** Everything that a socket receives until its end. */
export async function receiveAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** `length` bytes that show a byte that is missing, doubled or out of order. */
export function pattern(length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let at = 0; at < length; at++) bytes[at] = (at * 31 + (at >> 8)) & 0xff;
  return bytes;
}

export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

/** A promise that the test itself resolves. */
export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((given) => {
    resolve = given;
  });
  return { promise, resolve };
}

/** A channel to connect with, closed when the test ends. */
export function clientChannel(): SocketChannel {
  const channel = new SocketChannel({ logger: silentLogger });
  onTestFinished(() => void channel.close());
  return channel;
}

/** What connects it. */
export function bootstrap(channel: SocketChannel, handler: ChannelHandler = {}): Bootstrap {
  return new Bootstrap()
    .group(loop)
    .channelFactory(() => channel)
    .handler(handler);
}

/** A client channel that is connected. */
export async function connected(address: SocketAddress, handler?: ChannelHandler): Promise<SocketChannel> {
  const channel = clientChannel();
  await bootstrap(channel, handler).connect(address).toPromise();
  return channel;
}

/** Lets the process see so many turns of I/O. */
export async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left--) await new Promise<void>((resolve) => loop.nextTurn(resolve));
}
