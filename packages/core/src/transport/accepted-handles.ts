import { Socket } from 'node:net';
import type { OnReadOpts, Server, SocketConstructorOpts } from 'node:net';

/** Makes the socket of an accepted connection, paused and with `allowHalfOpen`, that reads as it is told. */
export type AcceptedSocket = (reads: OnReadOpts) => Socket;

type OnConnection = (this: object, error: number, handle: object) => void;

/**
 * Has a listening server hand over connections before a socket is made of them, since
 * `createServer` has no way to say how accepted sockets read. Where Node.js has no such place, the
 * server goes on emitting `connection`.
 */
export function takeAcceptedHandles(server: Server, accepted: (open: AcceptedSocket) => void): void {
  const { _handle: listening } = server as { _handle?: { onconnection?: OnConnection } };
  const emitConnection = listening?.onconnection;
  if (listening === undefined || typeof emitConnection !== 'function') return;
  listening.onconnection = function onconnection(error, handle) {
    if (error || handle === undefined) emitConnection.call(this, error, handle);
    else accepted((onread) => openSocket(handle, onread));
  };
}

// What Node.js itself gives a socket that it has accepted.
interface AcceptedOptions extends SocketConstructorOpts {
  handle: object | undefined;
  onread: OnReadOpts | undefined;
  pauseOnCreate: boolean;
}

// One for all sockets, which copy it: an object made for each costs some 8000 instructions.
const OPTIONS: AcceptedOptions = {
  handle: undefined,
  onread: undefined,
  allowHalfOpen: true,
  pauseOnCreate: true,
  readable: true,
  writable: true,
};

function openSocket(handle: object, onread: OnReadOpts): Socket {
  OPTIONS.handle = handle;
  OPTIONS.onread = onread;
  const socket = new Socket(OPTIONS);
  OPTIONS.handle = undefined;
  OPTIONS.onread = undefined;
  return socket;
}
