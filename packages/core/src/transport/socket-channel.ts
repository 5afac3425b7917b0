import { Buffer } from 'node:buffer';
import { connect } from 'node:net';
import type { NetConnectOpts, Socket } from 'node:net';
import { AbstractChannel } from '../channel/abstract-channel.ts';
import type { ChannelSettings } from '../channel/abstract-channel.ts';
import type { ChannelOutboundBuffer } from '../channel/channel-outbound-buffer.ts';
import type { SocketAddress } from '../channel/socket-address.ts';
import type { ChannelFuture, ChannelPromise } from '../concurrent/channel-promise.ts';
import { NotYetConnectedError, UnsupportedMessageTypeError, UnsupportedOperationError } from '../errors.ts';
import type { AcceptedHandle } from './accepted-handles.ts';
import { descriptorLimit } from './descriptor-limit.ts';
import { FlushConsolidation } from './flush-consolidation.ts';
import { moveReads, socketReads } from './socket-reads.ts';
import { writeFlushed } from './socket-writes.ts';
import { unacknowledgedBytes } from './unacknowledged-bytes.ts';
import { unixPathFailure } from './unix-path-failure.ts';
import { failureAtEnd, resetAtEnd, unreadBytes } from './unread-bytes.ts';

const NOTHING = Buffer.alloc(0);
// What is handed to the socket at once, so that one sees how far it has got with a large message: less of it to a peer that
// has fallen behind, whose part may take long.
const WRITE_BYTES = 256 * 1024;
const SLOW_WRITE_BYTES = 64 * 1024;
// Between two writes.
const IDLE = -1;
// Writes in a row before other channels get their turn.
const WRITE_SPIN_COUNT = 16;
// What is more than this is written at once: it would only keep memory, and readers waiting.
const DEFERRED_BYTES = 16 * 1024;
// Bytes that one channel reads in a row before others get their turn: the system would hand on 2 MiB.
// Channels that have read as much take turns, so that turns are short for those that read little.
const READ_SPIN_BYTES = 256 * 1024;
// Of what a peer has sent that takes no more: so much is read before the channel closes.
const LAST_READ_BYTES = 1024 * 1024;
// The addresses of a listener at all interfaces.
const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::', '::ffff:0.0.0.0']);

export interface SocketChannelSettings extends ChannelSettings {
  /** An accepted socket, paused and with `allowHalfOpen`. Absent: the channel is for `connect`. */
  readonly socket?: Socket | undefined;
  /** @internal An accepted connection of which the channel makes the socket; in place of `socket`. */
  readonly handle?: AcceptedHandle | undefined;
}

/**
 * A channel over a TCP connection or a Unix socket.
 *
 * The socket never holds more than the flush under way: what waits is in the channel's outbound
 * buffer, so that there is one truth about writability. While reads are paused the peer's FIN is not
 * seen, and up to 64 KiB may still wait in a socket that was given or wrapped. After a failed write
 * the socket is gone and the channel closes, also with `autoClose` off; one that was connected, not
 * accepted, first reads what the peer has sent before, up to 1 MiB: it may be an answer (RFC 9112 §9.6).
 */
export class SocketChannel extends AbstractChannel {
  #socket: Socket | undefined;
  // What the system knows the connection by; another one than #socket once that was wrapped.
  #rawSocket: Socket | undefined;
  #isOpen = true;
  #isConnected = false;
  #isAdopted = false;
  #flushes: FlushConsolidation | undefined = undefined;
  #isAbortive = false;
  // Whether the socket was made here: of such a one it is known that it keeps nothing of what it has sent.
  #isOwn: boolean;
  readonly #handle: AcceptedHandle | undefined;
  #connecting: ((error?: Error) => void) | undefined = undefined;
  #reading = false;
  // Bytes read since the others had their turn last or this channel has written, and whether they have it now.
  #readInRow = 0;
  #isYielding = false;
  // Bytes of the write under way.
  #writing = IDLE;
  // Callbacks of finished writes still to come; the last one tells that the socket is free.
  #callbacks = 0;
  // Whether the operating system took the last write at once.
  #isPrompt = true;
  #localAddress: SocketAddress | undefined = undefined;
  #remoteAddress: SocketAddress | undefined = undefined;

  constructor(settings: SocketChannelSettings = {}) {
    super(settings);
    const { handle, socket: given } = settings;
    const socket = handle ? handle.open(socketReads(this.#onData)) : given;
    this.#handle = handle;
    this.#socket = socket;
    this.#rawSocket = socket;
    this.#isOwn = given === undefined;
    this.#isConnected = socket !== undefined;
    const local = this.parent?.localAddress;
    // Node.js knows no addresses of a Unix socket, and needs two calls for one that is known.
    if (local !== undefined && ('path' in local || !WILDCARDS.has(local.host))) this.#localAddress = local;
    if (socket !== undefined) this.#watch(socket);
  }

  override get isOpen(): boolean {
    return this.#isOpen;
  }

  override get isActive(): boolean {
    return this.#isOpen && this.#isConnected;
  }

  override get localAddress(): SocketAddress | undefined {
    this.#localAddress ??= addressOf(this.#socket?.localAddress, this.#socket?.localPort);
    return this.#localAddress;
  }

  override get remoteAddress(): SocketAddress | undefined {
    this.#remoteAddress ??=
      this.#handle?.peer() ?? addressOf(this.#socket?.remoteAddress, this.#socket?.remotePort);
    return this.#remoteAddress;
  }

  // The system gives out the lowest that is free: all below it are in use.
  override get descriptorsLeft(): number | undefined {
    const limit = descriptorLimit();
    const descriptor = this.#handle?.descriptor;
    return limit === undefined || descriptor === undefined ? undefined : limit - 1 - descriptor;
  }

  override get unacknowledgedBytes(): number | undefined {
    return this.#rawSocket && unacknowledgedBytes(this.#rawSocket, this.clock.now());
  }

  override doRegister(): void {
    this.#flushes = FlushConsolidation.of(this.eventLoop);
    if (this.#socket !== undefined) this.#adopt(this.#socket);
  }

  override doBind(): void {
    throw new UnsupportedOperationError('be bound by itself; give connect() a local address', this);
  }

  override doConnect(
    remote: SocketAddress,
    local: SocketAddress | undefined,
    done: (error?: Error) => void,
  ): void {
    const failure = unixPathFailure(remote, 'connect');
    if (failure !== undefined) throw failure;
    const socket = connect({ ...connectOptions(remote, local), onread: socketReads(this.#onData) });
    this.#socket = socket;
    this.#rawSocket = socket;
    if ('path' in remote) this.#remoteAddress = remote;
    this.#connecting = done;
    this.#watch(socket);
    socket.once('connect', () => {
      this.#connecting = undefined;
      this.#isConnected = this.#isOpen;
      this.#adopt(socket);
      done();
    });
  }

  override doClose(): void {
    // Remembered before the socket forgets them.
    void this.localAddress;
    void this.remoteAddress;
    this.#isOpen = false;
    const socket = this.#rawSocket;
    if (socket === undefined) return;
    // Only TCP has a reset, and Node.js throws for anything else.
    const isReset = this.#isAbortive && socket.remotePort !== undefined && !socket.destroyed;
    if (isReset) socket.resetAndDestroy();
    else this.#socket?.destroy();
  }

  /**
   * Puts another socket under the pipeline, which `wrap` makes over the one that is there, as TLS
   * does. Before this call the head of the pipeline fires bytes of the connection, after it those
   * of the new socket; writes, pauses, half-close, reset and close go on as they were.
   *
   * `received` are bytes that the pipeline has been given and that the new socket must read first.
   * Throws a {@link NotYetConnectedError} unless the channel is active, and what `wrap` throws.
   */
  wrapSocket<Wrapped extends Socket>(wrap: (socket: Socket) => Wrapped, received?: Uint8Array): Wrapped {
    const raw = this.#rawSocket;
    if (raw === undefined || !this.isActive) throw new NotYetConnectedError();
    this.unsafe.output.flushDeferred();
    raw.pause();
    raw.off('data', this.#onData);
    raw.off('end', this.#onEnd);
    if (received !== undefined && received.length > 0) raw.unshift(received);
    const wrapped = wrap(raw);
    raw.off('error', this.#onError);
    raw.off('close', this.#onClose);
    this.#socket = wrapped;
    this.#isOwn = false;
    this.#watch(wrapped);
    this.#listen(wrapped);
    // Before that it may have to read for itself, also while the channel does not.
    wrapped.once('data', () => moveReads(raw, wrapped));
    if (this.#reading) wrapped.resume();
    return wrapped;
  }

  override reset(promise?: ChannelPromise): ChannelFuture {
    this.#isAbortive = true;
    return super.reset(promise);
  }

  override doBeginRead(): void {
    if (this.#reading) return;
    this.#reading = true;
    if (!this.#isYielding) this.#resume();
  }

  override doStopRead(): void {
    if (!this.#reading) return;
    this.#reading = false;
    this.#socket?.pause();
  }

  override filterOutboundMessage(message: unknown): void {
    if (!(message instanceof Uint8Array)) throw new UnsupportedMessageTypeError(message);
  }

  override defersFlush(buffer: ChannelOutboundBuffer): boolean {
    if (!this.#isConnected || buffer.pendingBytes >= DEFERRED_BYTES) return false;
    return this.#flushes?.defer(this.unsafe.output) === true;
  }

  override doWrite(buffer: ChannelOutboundBuffer): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    // One that answers what it reads does not read in a row.
    this.#readInRow = 0;
    for (let left = WRITE_SPIN_COUNT; this.#writing === IDLE && buffer.flushedCount > 0; left--) {
      // A socket that has failed takes everything and sends nothing; its 'error' or 'close' is under way.
      if (socket.destroyed) return;
      if (left === 0) {
        this.eventLoop.nextTurn(() => this.unsafe.output.flushNow());
        return;
      }
      this.#writing = this.#send(socket, buffer);
      // Nothing waits in the socket: the operating system has taken it all, or has refused it.
      if (socket.writableLength === 0 && socket.errored === null) this.#sent(buffer);
    }
  }

  override doShutdownOutput(done: (error?: Error) => void): void {
    if (this.#socket === undefined) done();
    else this.#socket.end(() => done());
  }

  /**
   * Hands flushed bytes to the socket in one write and returns how many. A callback costs a tick
   * of its own, so there is none while writes end at once, as they do until the peer falls behind.
   */
  #send(socket: Socket, buffer: ChannelOutboundBuffer): number {
    const onWritten = this.#isPrompt ? undefined : this.#expectCallback();
    const limit = this.#isPrompt ? WRITE_BYTES : SLOW_WRITE_BYTES;
    const bytes = writeFlushed(socket, buffer, limit, this.#isPrompt && this.#isOwn, onWritten);
    this.#isPrompt = socket.writableLength === 0;
    const { errored } = socket;
    if (onWritten !== undefined) return bytes;
    if (errored !== null) {
      // By then the socket is gone.
      const unread = this.#unreadOf(socket);
      process.nextTick(() => this.#writeFailed(errored, unread));
    }
    // Written behind what waits: its callback is that of all.
    else if (!this.#isPrompt) socket.write(NOTHING, this.#expectCallback());
    return bytes;
  }

  #expectCallback(): (error?: Error | null) => void {
    this.#callbacks++;
    return this.#onWritten;
  }

  #sent(buffer: ChannelOutboundBuffer): void {
    buffer.removeBytes(this.#writing);
    // Last: a listener that flushes must not send again what is about to be removed.
    this.#writing = IDLE;
  }

  readonly #onWritten = (error?: (Error & { syscall?: string }) | null): void => {
    this.#callbacks--;
    if (error) this.#writeFailed(error, this.#unreadOf(this.#socket));
    if (error || this.#callbacks > 0 || this.#writing === IDLE) return;
    const { buffer } = this.unsafe.output;
    if (buffer === undefined) return;
    this.#sent(buffer);
    this.unsafe.output.flushNow();
  };

  // What fails because the socket was already gone is left to the 'error' event, which knows why.
  #writeFailed(error: Error & { syscall?: string }, unread: readonly Buffer[]): void {
    if (!this.#isOpen || error.syscall !== 'write') return;
    // After a reset the end of the connection says nothing about the end of what was sent: it is not told.
    for (const bytes of unread) this.#onData(bytes);
    if (this.#isOpen) this.unsafe.output.failed(error);
  }

  #unreadOf(socket: Socket | undefined): readonly Buffer[] {
    return socket === undefined || this.parent !== undefined ? [] : unreadBytes(socket, LAST_READ_BYTES);
  }

  // From the first moment: an error without a listener would end the process.
  #watch(socket: Socket): void {
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
  }

  #adopt(socket: Socket): void {
    if (this.#isAdopted) return;
    this.#isAdopted = true;
    const { tcpNoDelay, keepAlive } = this.config;
    if (tcpNoDelay !== (this.#handle?.hasNoDelay === true)) socket.setNoDelay(tcpNoDelay);
    if (keepAlive) socket.setKeepAlive(true);
    this.#listen(socket);
  }

  #listen(socket: Socket): void {
    socket.pause();
    if (!this.#isOwn) socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
  }

  readonly #onData = (bytes: Buffer): void => {
    if (!this.#isOpen) return;
    this.#readInRow += bytes.length;
    if (this.#readInRow >= READ_SPIN_BYTES) this.#yield();
    this.unsafe.input.fireRead(bytes);
  };

  #yield(): void {
    this.#readInRow = 0;
    if (this.#isYielding || !this.#reading) return;
    this.#isYielding = true;
    this.#socket?.pause();
    this.eventLoop.takeTurns(this.#readOn);
  }

  readonly #readOn = (): void => {
    this.#isYielding = false;
    if (this.#isOpen && this.#reading) this.#resume();
  };

  // A socket that was made here hands its bytes over past its stream: it has only to read, and a stream
  // that flows would cost each connection a tick.
  #resume(): void {
    if (this.#isOwn) this.#socket?.read(0);
    else this.#socket?.resume();
  }

  readonly #onEnd = (): void => {
    const socket = this.#socket;
    if (!this.#isOpen || socket === undefined) return;
    const failure = this.#failureAtEnd(socket);
    if (failure) this.#onError(failure);
    else this.unsafe.input.shutdown();
  };

  // RFC 9112 §8: what ends with its connection is complete only when that ended without an error; and whoever has reset
  // an accepted one waits for no response. Where that was ended from here, nothing depends on it any more.
  #failureAtEnd(socket: Socket): Error | undefined {
    if (this.parent === undefined) return failureAtEnd(socket);
    return this.unsafe.output.isOpen ? (failureAtEnd(socket) ?? resetAtEnd(socket)) : undefined;
  }

  readonly #onError = (error: Error): void => {
    if (!this.#isOpen) return;
    if (this.#connecting !== undefined) {
      this.#connecting(error);
      return;
    }
    this.pipeline.fireExceptionCaught(error);
    this.unsafe.close(this.newPromise(), error);
  };

  readonly #onClose = (): void => {
    if (this.#isOpen) this.unsafe.close(this.newPromise());
  };
}

function addressOf(host: string | undefined, port: number | undefined): SocketAddress | undefined {
  return host === undefined || port === undefined ? undefined : { host, port };
}

function connectOptions(remote: SocketAddress, local: SocketAddress | undefined): NetConnectOpts {
  if ('path' in remote) return { path: remote.path, allowHalfOpen: true };
  const from =
    local !== undefined && 'host' in local ? { localAddress: local.host, localPort: local.port } : {};
  return { host: remote.host, port: remote.port, allowHalfOpen: true, ...from };
}
