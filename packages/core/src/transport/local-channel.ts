import { Buffer } from 'node:buffer';
import { AbstractChannel } from '../channel/abstract-channel.ts';
import type { ChannelSettings } from '../channel/abstract-channel.ts';
import type { ChannelOutboundBuffer } from '../channel/channel-outbound-buffer.ts';
import type { SocketAddress } from '../channel/socket-address.ts';
import type { ChannelFuture, ChannelPromise } from '../concurrent/channel-promise.ts';
import { UnsupportedMessageTypeError, UnsupportedOperationError } from '../errors.ts';
import type { LocalRegistry } from './local-registry.ts';
import { systemError } from './system-error.ts';

// What may wait at the receiving end, in bytes; more waits in the outbound buffer of the sender.
const RECEIVE_BUFFER_BYTES = 64 * 1024;

/** Takes connections at an address of a network in memory. */
export interface LocalAcceptor {
  readonly localAddress: SocketAddress | undefined;
  /** The server's end of a connection; undefined when the backlog is full, and the client waits. */
  accept(client: LocalChannel): LocalChannel | undefined;
}

/** The server's end of a connection: who is at the other one, and where it was accepted. */
export interface AcceptedEnd {
  readonly peer: LocalChannel;
  readonly localAddress: SocketAddress | undefined;
}

type Arrival = Buffer | 'end' | 'reset';

/**
 * One end of a connection in memory, which behaves as one over TCP does: bytes arrive in a later
 * turn of the event loop and in the pieces in which they were sent, both halves close alone, a full
 * receiver makes the sender unwritable, a close with bytes unread or a `reset` is an ECONNRESET at
 * the other end, and so is a write to an end that has closed.
 */
export class LocalChannel extends AbstractChannel {
  readonly #registry: LocalRegistry<LocalAcceptor>;
  readonly #arrived: Arrival[] = [];
  #peer: LocalChannel | undefined;
  #arrivedBytes = 0;
  // Of the message that is being sent.
  #sentBytes = 0;
  #isOpen = true;
  #isReading = false;
  #isDeliveryDue = false;
  #isInputEnded = false;
  #isOutputEnded = false;
  #isPeerGone = false;
  #isRefusedByPeer = false;
  #isAbortive = false;
  #localAddress: SocketAddress | undefined;
  #remoteAddress: SocketAddress | undefined;

  constructor(registry: LocalRegistry<LocalAcceptor>, settings?: ChannelSettings, accepted?: AcceptedEnd) {
    super(settings);
    this.#registry = registry;
    this.#peer = accepted?.peer;
    this.#localAddress = accepted?.localAddress;
    this.#remoteAddress = accepted?.peer.localAddress;
  }

  override get isOpen(): boolean {
    return this.#isOpen;
  }

  override get isActive(): boolean {
    return this.#isOpen && this.#peer !== undefined;
  }

  override get localAddress(): SocketAddress | undefined {
    return this.#localAddress;
  }

  override get remoteAddress(): SocketAddress | undefined {
    return this.#remoteAddress;
  }

  override doBind(): void {
    throw new UnsupportedOperationError('be bound by itself; give connect() a local address', this);
  }

  override doConnect(
    remote: SocketAddress,
    local: SocketAddress | undefined,
    done: (error?: Error) => void,
  ): void {
    this.eventLoop.nextTurn(() => {
      if (!this.#isOpen) return;
      const acceptor = this.#registry.find(remote);
      if (acceptor === undefined) {
        done(systemError('ECONNREFUSED', 'connect', remote));
        return;
      }
      this.#localAddress = local ?? this.#registry.clientAddress();
      this.#remoteAddress = remote;
      this.#peer = acceptor.accept(this);
      // Otherwise the connection waits, as for a server whose backlog is full.
      if (this.#peer !== undefined) done();
    });
  }

  override doClose(): void {
    this.#isOpen = false;
    const hasUnread = this.#arrived.some((arrival) => typeof arrival !== 'string');
    this.#arrived.length = 0;
    const peer = this.#peer;
    if (peer === undefined || this.#isPeerGone) return;
    peer.#isPeerGone = true;
    // RFC 9293 §3.6.1: closed with bytes unread, the connection is reset.
    if (this.#isAbortive || hasUnread) peer.#arrive('reset');
    else if (!this.#isOutputEnded) peer.#arrive('end');
    peer.#flushLater();
  }

  override reset(promise?: ChannelPromise): ChannelFuture {
    this.#isAbortive = true;
    return super.reset(promise);
  }

  override doBeginRead(): void {
    this.#isReading = true;
    this.#deliverLater();
  }

  override doStopRead(): void {
    this.#isReading = false;
  }

  override filterOutboundMessage(message: unknown): void {
    if (!(message instanceof Uint8Array)) throw new UnsupportedMessageTypeError(message);
  }

  override doWrite(buffer: ChannelOutboundBuffer): void {
    for (let message = buffer.current(); message !== undefined; message = buffer.current()) {
      if (!this.#send(message as Uint8Array)) return;
      buffer.remove();
    }
  }

  override doShutdownOutput(done: (error?: Error) => void): void {
    this.#isOutputEnded = true;
    const peer = this.#peer;
    if (peer !== undefined && !this.#isPeerGone) peer.#arrive('end');
    done();
    this.eventLoop.nextTurn(() => this.#closeIfEnded());
  }

  /** Returns whether all of the message has gone; the receiver asks for the rest. */
  #send(message: Uint8Array): boolean {
    const peer = this.#peer;
    if (peer === undefined || this.#isPeerGone) {
      this.#refused();
      return true;
    }
    const space = Math.max(0, RECEIVE_BUFFER_BYTES - peer.#arrivedBytes);
    const piece = message.subarray(this.#sentBytes, this.#sentBytes + space);
    // A copy, since the sender may use its bytes again.
    if (piece.length > 0) peer.#arrive(Buffer.from(piece));
    this.#sentBytes += piece.length;
    if (this.#sentBytes < message.length) return false;
    this.#sentBytes = 0;
    return true;
  }

  // As over TCP, the first bytes to an end that is gone are taken and answered with a reset.
  #refused(): void {
    if (this.#isRefusedByPeer) throw systemError('EPIPE', 'write');
    this.#isRefusedByPeer = true;
    this.#arrive('reset');
  }

  #arrive(arrival: Arrival): void {
    if (!this.#isOpen) return;
    this.#arrived.push(arrival);
    if (typeof arrival !== 'string') this.#arrivedBytes += arrival.length;
    this.#deliverLater();
  }

  // In a task: no event may run inside the read() of a handler, or inside the write of the other end.
  #deliverLater(): void {
    if (this.#isDeliveryDue || !this.#isReading || this.#arrived.length === 0 || !this.isRegistered) return;
    this.#isDeliveryDue = true;
    this.eventLoop.nextTurn(this.#deliver);
  }

  readonly #deliver = (): void => {
    this.#isDeliveryDue = false;
    const arrival = this.#isReading && this.#isOpen ? this.#arrived.shift() : undefined;
    if (arrival === undefined) return;
    if (arrival === 'end') this.#inputEnded();
    else if (arrival === 'reset') this.#wasReset();
    else this.#read(arrival);
    this.#deliverLater();
  };

  #read(bytes: Buffer): void {
    this.#arrivedBytes -= bytes.length;
    const peer = this.#peer;
    if (peer !== undefined) peer.#flushLater();
    this.unsafe.input.fireRead(bytes);
  }

  #inputEnded(): void {
    this.#isInputEnded = true;
    this.unsafe.input.shutdown();
    this.#closeIfEnded();
  }

  #wasReset(): void {
    const error = systemError('ECONNRESET', 'read');
    this.pipeline.fireExceptionCaught(error);
    this.unsafe.close(this.newPromise(), error);
  }

  #closeIfEnded(): void {
    if (this.#isOpen && this.#isInputEnded && this.#isOutputEnded) this.unsafe.close(this.newPromise());
  }

  #flushLater(): void {
    const isWaiting = (this.unsafe.output.buffer?.flushedCount ?? 0) > 0;
    if (isWaiting && this.isRegistered) this.eventLoop.execute(() => this.unsafe.output.flushNow());
  }
}
