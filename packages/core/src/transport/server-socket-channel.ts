import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { AbstractChannel } from '../channel/abstract-channel.ts';
import type { ChannelSettings } from '../channel/abstract-channel.ts';
import type { SocketAddress } from '../channel/socket-address.ts';
import { ClosedChannelError, UnsupportedOperationError } from '../errors.ts';
import { takeAcceptedHandles } from './accepted-handles.ts';
import type { AcceptedHandle } from './accepted-handles.ts';
import { FlushConsolidation } from './flush-consolidation.ts';
import { canReusePort } from './reuse-port.ts';
import { SocketChannel } from './socket-channel.ts';
import { removeStaleSocket } from './stale-socket.ts';
import { unixPathFailure } from './unix-path-failure.ts';

/**
 * A listening TCP or Unix socket. Each connection comes through its pipeline as a message: a
 * {@link SocketChannel} that is not registered yet, which the last handler registers. A handler
 * that does not pass one on must close it.
 *
 * Node.js goes on accepting while reads are off. So many as `backlog` says wait here then; those
 * that come on top are closed.
 */
export class ServerSocketChannel extends AbstractChannel {
  readonly #server: Server;
  readonly #waiting: SocketChannel[] = [];
  #isOpen = true;
  #isBound = false;
  #binding: ((error?: Error) => void) | undefined = undefined;
  #isReading = false;
  #flushes: FlushConsolidation | undefined = undefined;
  #localAddress: SocketAddress | undefined = undefined;

  constructor(settings?: ChannelSettings) {
    super(settings);
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    this.#server.on('connection', (socket: Socket) => this.#accepted(socket, undefined));
    this.#server.on('error', (error) => this.#failed(error));
    this.#server.on('listening', () => this.#listening());
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

  override doRegister(): void {
    this.#flushes = FlushConsolidation.of(this.eventLoop);
  }

  override doBind(local: SocketAddress, done: (error?: Error) => void): void {
    if (this.#binding !== undefined || this.#isBound) throw new UnsupportedOperationError('bind twice', this);
    const { backlog, reusePort } = this.config;
    const isReused = reusePort && 'port' in local;
    if (isReused && !canReusePort()) {
      throw new UnsupportedOperationError('share its port with others before Node.js 22.12', this);
    }
    this.#localAddress = local;
    this.#binding = done;
    const failure = unixPathFailure(local, 'listen');
    if (failure !== undefined) {
      this.#failed(failure);
      return;
    }
    const listen = (): void => {
      // Exclusive: a worker of node:cluster listens by itself.
      this.#server.listen({ ...local, backlog, ...(isReused && { reusePort, exclusive: true }) });
    };
    // Before, and not when that has failed: node:cluster counts each time that a worker listens, and the first of a later worker would not be theirs.
    if ('path' in local) removeStaleSocket(local.path, () => this.#listenIfOpen(listen));
    else listen();
  }

  override doConnect(): void {
    throw new UnsupportedOperationError('connect', this);
  }

  override doClose(): void {
    this.#isOpen = false;
    for (const child of this.#waiting.splice(0)) child.unsafe.closeForcibly();
    this.#server.close();
  }

  override doBeginRead(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    // In a task: no event may run inside the read() of a handler.
    if (this.#waiting.length > 0) this.eventLoop.execute(() => this.#fireWaiting());
  }

  override doStopRead(): void {
    this.#isReading = false;
  }

  override filterOutboundMessage(): void {
    throw new UnsupportedOperationError('write', this);
  }

  override doWrite(): void {
    throw new UnsupportedOperationError('write', this);
  }

  override doShutdownOutput(done: (error?: Error) => void): void {
    done(new UnsupportedOperationError('shutdownOutput', this));
  }

  #listenIfOpen(listen: () => void): void {
    if (this.#isOpen) listen();
    else this.#endBinding(new ClosedChannelError());
  }

  #listening(): void {
    const address = this.#server.address();
    if (address !== null && typeof address !== 'string') {
      this.#localAddress = { host: address.address, port: address.port };
    }
    takeAcceptedHandles(this.#server, (handle) => this.#accepted(undefined, handle));
    this.#isBound = true;
    this.#endBinding();
  }

  #accepted(socket: Socket | undefined, handle: AcceptedHandle | undefined): void {
    this.#flushes?.connectionAccepted();
    const child = new SocketChannel({ socket, handle, parent: this, logger: this.logger });
    if (!this.#isOpen) {
      child.unsafe.closeForcibly();
      return;
    }
    this.#waiting.push(child);
    this.#fireWaiting();
    if (this.#waiting.length > this.config.backlog) this.#waiting.pop()?.unsafe.closeForcibly();
  }

  #fireWaiting(): void {
    while (this.#isReading) {
      const child = this.#waiting.shift();
      if (child === undefined) return;
      this.unsafe.input.fireRead(child);
    }
  }

  #failed(error: Error): void {
    if (this.#binding !== undefined) {
      this.#isOpen = false;
      this.#endBinding(error);
    } else if (this.#isOpen) this.pipeline.fireExceptionCaught(error);
  }

  #endBinding(error?: Error): void {
    const done = this.#binding;
    this.#binding = undefined;
    done?.(error);
  }
}
