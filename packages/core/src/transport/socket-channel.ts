import { connect } from 'node:net';
import type { NetConnectOpts, Socket } from 'node:net';
import { AbstractChannel } from '../channel/abstract-channel.ts';
import type { ChannelSettings } from '../channel/abstract-channel.ts';
import type { ChannelOutboundBuffer } from '../channel/channel-outbound-buffer.ts';
import type { SocketAddress } from '../channel/socket-address.ts';
import { UnsupportedMessageTypeError } from '../errors.ts';

// Messages up to this size together are copied into one buffer: cheaper than a vector of them.
const MERGE_LIMIT = 16 * 1024;

export interface SocketChannelSettings extends ChannelSettings {
  /** An accepted socket, paused and with `allowHalfOpen`. Absent: the channel is for `connect`. */
  readonly socket?: Socket;
}

/**
 * A channel over a TCP connection or a Unix socket.
 *
 * The socket never holds more than the flush under way: what waits is in the channel's outbound
 * buffer, so that there is one truth about writability. While reads are paused, up to 64 KiB may
 * still come in and wait in the socket, and the peer's FIN is not seen.
 */
export class SocketChannel extends AbstractChannel {
  #socket: Socket | undefined;
  #isOpen = true;
  #isConnected = false;
  #connecting: ((error?: Error) => void) | undefined = undefined;
  #reading = false;
  // Messages of the write under way; 0 when the socket is free.
  #writing = 0;
  // Callbacks of finished writes still to come; the last one tells that the socket is free.
  #callbacks = 0;
  #localAddress: SocketAddress | undefined = undefined;
  #remoteAddress: SocketAddress | undefined = undefined;

  constructor({ socket, ...settings }: SocketChannelSettings = {}) {
    super(settings);
    this.#socket = socket;
    this.#isConnected = socket !== undefined;
    // From the first moment: an error without a listener would end the process.
    socket?.on('error', this.#onError);
  }

  override get isOpen(): boolean {
    return this.#isOpen;
  }

  override get isActive(): boolean {
    return this.#isOpen && this.#isConnected;
  }

  override get localAddress(): SocketAddress | undefined {
    const socket = this.#socket;
    if (socket?.localAddress !== undefined && socket.localPort !== undefined) {
      this.#localAddress ??= { host: socket.localAddress, port: socket.localPort };
    }
    return this.#localAddress;
  }

  override get remoteAddress(): SocketAddress | undefined {
    const socket = this.#socket;
    if (socket?.remoteAddress !== undefined && socket.remotePort !== undefined) {
      this.#remoteAddress ??= { host: socket.remoteAddress, port: socket.remotePort };
    }
    return this.#remoteAddress;
  }

  override doRegister(): void {
    if (this.#socket !== undefined) this.#adopt(this.#socket);
  }

  override doBind(_local: SocketAddress, done: (error?: Error) => void): void {
    done(new Error('A SocketChannel can not be bound by itself; give connect() a local address.'));
  }

  override doConnect(
    remote: SocketAddress,
    local: SocketAddress | undefined,
    done: (error?: Error) => void,
  ): void {
    const socket = connect(connectOptions(remote, local));
    this.#socket = socket;
    if ('path' in remote) this.#remoteAddress = remote;
    this.#connecting = done;
    socket.on('error', this.#onError);
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
    this.#socket?.destroy();
  }

  /** Closes with a reset instead of an orderly end, so that the peer can't take a cut message for a whole one. */
  reset(): void {
    if (this.#isOpen) this.#socket?.resetAndDestroy();
    this.close();
  }

  override doBeginRead(): void {
    if (this.#reading) return;
    this.#reading = true;
    this.#socket?.resume();
  }

  override doStopRead(): void {
    if (!this.#reading) return;
    this.#reading = false;
    this.#socket?.pause();
  }

  override doWrite(buffer: ChannelOutboundBuffer): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    while (this.#writing === 0 && buffer.flushedCount > 0) {
      if (!(buffer.current() instanceof Uint8Array)) {
        buffer.removeFailed(new UnsupportedMessageTypeError(buffer.current()));
        continue;
      }
      this.#writing = this.#send(socket, buffer);
      // Nothing waits in the socket: the operating system has taken it all.
      if (socket.writableLength === 0) this.#sent(buffer);
    }
  }

  override doShutdownOutput(done: (error?: Error) => void): void {
    if (this.#socket === undefined) done();
    else this.#socket.end(() => done());
  }

  /** Hands flushed messages to the socket in one write and returns how many. */
  #send(socket: Socket, buffer: ChannelOutboundBuffer): number {
    this.#callbacks++;
    const first = buffer.flushed(0) as Uint8Array;
    const { count, bytes } = this.#batch(buffer);
    if (count === 1) {
      socket.write(first, this.#onWritten);
    } else if (bytes <= MERGE_LIMIT) {
      socket.write(merge(buffer, count, bytes), this.#onWritten);
    } else {
      socket.cork();
      for (let at = 0; at < count - 1; at++) socket.write(buffer.flushed(at) as Uint8Array);
      socket.write(buffer.flushed(count - 1) as Uint8Array, this.#onWritten);
      socket.uncork();
    }
    return count;
  }

  /** The flushed messages up to the first that is not bytes. */
  #batch(buffer: ChannelOutboundBuffer): { count: number; bytes: number } {
    const { flushedCount } = buffer;
    let count = 0;
    let bytes = 0;
    for (; count < flushedCount; count++) {
      const message = buffer.flushed(count);
      if (!(message instanceof Uint8Array)) break;
      bytes += message.byteLength;
    }
    return { count, bytes };
  }

  #sent(buffer: ChannelOutboundBuffer): void {
    const count = this.#writing;
    this.#writing = 0;
    for (let left = count; left > 0; left--) buffer.remove();
    this.unsafe.endOutputWhenSent();
  }

  readonly #onWritten = (error?: Error | null): void => {
    this.#callbacks--;
    // An error is reported by the socket's 'error' event too, and handled there.
    if (error || this.#callbacks > 0 || this.#writing === 0) return;
    const buffer = this.unsafe.outboundBuffer;
    if (buffer === undefined) return;
    this.#sent(buffer);
    this.unsafe.flushNow();
  };

  #adopt(socket: Socket): void {
    const { tcpNoDelay, keepAlive } = this.config;
    if (tcpNoDelay) socket.setNoDelay(true);
    if (keepAlive) socket.setKeepAlive(true);
    socket.pause();
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('close', this.#onClose);
  }

  readonly #onData = (bytes: Buffer): void => {
    if (this.#isOpen) this.unsafe.fireRead(bytes);
  };

  readonly #onEnd = (): void => {
    if (this.#isOpen) this.unsafe.shutdownInput();
  };

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

function connectOptions(remote: SocketAddress, local: SocketAddress | undefined): NetConnectOpts {
  if ('path' in remote) return { path: remote.path, allowHalfOpen: true };
  const from =
    local !== undefined && 'host' in local ? { localAddress: local.host, localPort: local.port } : {};
  return { host: remote.host, port: remote.port, allowHalfOpen: true, ...from };
}

function merge(buffer: ChannelOutboundBuffer, count: number, bytes: number): Buffer {
  const merged = Buffer.allocUnsafe(bytes);
  let end = 0;
  for (let at = 0; at < count; at++) {
    const message = buffer.flushed(at) as Uint8Array;
    merged.set(message, end);
    end += message.byteLength;
  }
  return merged;
}
