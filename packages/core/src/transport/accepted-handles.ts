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
    else accepted((onread) => new Socket(socketOptions(handle, onread)));
  };
}

function socketOptions(handle: object, onread: OnReadOpts): SocketConstructorOpts {
  const options = {
    handle,
    onread,
    allowHalfOpen: true,
    pauseOnCreate: true,
    readable: true,
    writable: true,
  };
  return options;
}
