import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { AbstractChannel } from '../channel/abstract-channel.ts';
import type { ChannelSettings } from '../channel/abstract-channel.ts';
import type { ChannelOutboundBuffer } from '../channel/channel-outbound-buffer.ts';
import type { SocketAddress } from '../channel/socket-address.ts';
import { SocketChannel } from './socket-channel.ts';

/**
 * A listening TCP or Unix socket. Each connection comes through its pipeline as a message: a
 * {@link SocketChannel} that is not registered yet, which the last handler registers.
 */
export class ServerSocketChannel extends AbstractChannel {
  readonly #server: Server;
  #isOpen = true;
  #isBound = false;
  #reading = false;
  #waiting: Socket[] = [];
  #localAddress: SocketAddress | undefined = undefined;

  constructor(settings?: ChannelSettings) {
    super(settings);
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    this.#server.on('connection', (socket: Socket) => this.#accepted(socket));
    this.#server.on('error', (error) => this.#failed(error));
  }

  override get isOpen(): boolean {
    return this.#isOpen;
  }

  override get isActive(): boolean {
    return this.#isOpen && this.#isBound;
  }

  override get localAddress(): SocketAddress | undefined {
    return this.#localAddress;
  }

  override get remoteAddress(): undefined {
    return undefined;
  }

  override doBind(local: SocketAddress, done: (error?: Error) => void): void {
    const onError = (error: Error): void => {
      this.#isOpen = false;
      done(error);
    };
    this.#server.once('error', onError);
    this.#server.listen({ ...local, backlog: this.config.backlog }, () => {
      this.#server.off('error', onError);
      this.#isBound = true;
      this.#localAddress = boundAddress(this.#server, local);
      done();
    });
  }

  override doConnect(_r: SocketAddress, _l: SocketAddress | undefined, done: (error?: Error) => void): void {
    done(new Error('A listening channel can not be connected.'));
  }

  override doClose(): void {
    this.#isOpen = false;
    for (const socket of this.#waiting) socket.destroy();
    this.#waiting = [];
    this.#server.close();
  }

  override doBeginRead(): void {
    this.#reading = true;
    for (let socket = this.#waiting.shift(); socket; socket = this.#waiting.shift()) this.#fire(socket);
  }

  override doStopRead(): void {
    this.#reading = false;
  }

  override doWrite(buffer: ChannelOutboundBuffer): void {
    buffer.failFlushed(new Error('A listening channel can not be written to.'));
  }

  override doShutdownOutput(done: (error?: Error) => void): void {
    done(new Error('A listening channel has no output.'));
  }

  #accepted(socket: Socket): void {
    if (!this.#isOpen) socket.destroy();
    else if (this.#reading) this.#fire(socket);
    else this.#waiting.push(socket);
  }

  #fire(socket: Socket): void {
    this.unsafe.fireRead(new SocketChannel({ socket, parent: this, logger: this.logger }));
  }

  #failed(error: Error): void {
    if (this.#isBound && this.#isOpen) this.pipeline.fireExceptionCaught(error);
  }
}

function boundAddress(server: Server, asked: SocketAddress): SocketAddress {
  const address = server.address();
  if (address === null || typeof address === 'string') return asked;
  return { host: address.address, port: address.port };
}
