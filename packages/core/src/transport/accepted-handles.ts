import { Socket } from 'node:net';
import type { OnReadOpts, Server, SocketConstructorOpts } from 'node:net';
import type { InetSocketAddress } from '../channel/socket-address.ts';

/** An accepted connection of which no socket was made yet. */
export interface AcceptedHandle {
  /** Whether TCP_NODELAY is set. */
  readonly hasNoDelay: boolean;
  /** Makes its socket, paused and with `allowHalfOpen`, that reads as it is told. */
  open(reads: OnReadOpts): Socket;
  /** The address of the peer; undefined when it has none, or can't be asked for it in this way. */
  peer(): InetSocketAddress | undefined;
  /** Its file descriptor; undefined where there is none. */
  readonly descriptor: number | undefined;
}

type OnConnection = (this: object, error: number, handle: object) => void;

interface ListeningHandle {
  onconnection?: OnConnection;
  /** Returns 0 when it is done. Not there on a Unix socket, nor in a worker whose primary accepts for it. */
  setNoDelay?(enable: boolean): number;
}

/**
 * Has a listening server hand over connections before a socket is made of them, since
 * `createServer` has no way to say how accepted sockets read. Where Node.js has no such place, the
 * server goes on emitting `connection`.
 */
export function takeAcceptedHandles(server: Server, accepted: (handle: AcceptedHandle) => void): void {
  const { _handle: listening } = server as { _handle?: ListeningHandle };
  const emitConnection = listening?.onconnection;
  if (listening === undefined || typeof emitConnection !== 'function') return;
  const hasNoDelay = handsOnNoDelay(listening);
  listening.onconnection = function onconnection(error, handle) {
    if (error || handle === undefined) emitConnection.call(this, error, handle);
    else accepted(new TcpHandle(handle, hasNoDelay));
  };
}

// Linux gives TCP_NODELAY of a listening socket to those that it accepts, which spares each a system call.
function handsOnNoDelay(listening: ListeningHandle): boolean {
  return process.platform === 'linux' && listening.setNoDelay?.(true) === 0;
}

interface NamedHandle {
  /** Negative when it is closed, and not there on Windows. */
  readonly fd?: number;
  /** Fills in the address; returns 0 when it is done. Not there on a Unix socket. */
  getpeername?(into: { address: string; family: string; port: number }): number;
}

// One for all: filled in, its fields are overwritten and not added, and the socket's two getters cost as much again.
const PEER = { address: '', family: '', port: 0 };

class TcpHandle implements AcceptedHandle {
  readonly hasNoDelay: boolean;
  readonly #handle: NamedHandle;

  constructor(handle: object, hasNoDelay: boolean) {
    this.hasNoDelay = hasNoDelay;
    this.#handle = handle;
  }

  open(reads: OnReadOpts): Socket {
    return openSocket(this.#handle, reads, this.hasNoDelay);
  }

  get descriptor(): number | undefined {
    return this.#handle.fd;
  }

  peer(): InetSocketAddress | undefined {
    if (this.#handle.getpeername?.(PEER) !== 0) return undefined;
    return { host: PEER.address, port: PEER.port };
  }
}

// What Node.js itself gives a socket that it has accepted, and what a socket sets on its copy of that.
interface AcceptedOptions extends SocketConstructorOpts {
  handle: object | undefined;
  onread: OnReadOpts | undefined;
  /** Whether TCP_NODELAY is set already; `setNoDelay` asks the system for changes alone. */
  noDelay: boolean;
  pauseOnCreate: boolean;
  emitClose: boolean;
  autoDestroy: boolean;
  decodeStrings: boolean;
}

// One for all sockets, which copy it: an object made for each costs some 8000 instructions. The last three are
// what Socket sets itself: a copy that grows has a new shape for V8 each time, which costs some 40 000.
const OPTIONS: AcceptedOptions = {
  handle: undefined,
  onread: undefined,
  noDelay: false,
  allowHalfOpen: true,
  pauseOnCreate: true,
  readable: true,
  writable: true,
  emitClose: false,
  autoDestroy: true,
  decodeStrings: false,
};

function openSocket(handle: object, onread: OnReadOpts, noDelay: boolean): Socket {
  OPTIONS.handle = handle;
  OPTIONS.onread = onread;
  OPTIONS.noDelay = noDelay;
  const socket = new Socket(OPTIONS);
  OPTIONS.handle = undefined;
  OPTIONS.onread = undefined;
  return socket;
}
