import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { getSystemErrorName } from 'node:util';
import { CloseNotifyMissingError } from './tls-errors.ts';

/** What node:net reads a connection with; TLS has one of its own over that of the connection. */
interface Handle {
  readonly reading?: boolean;
  readStart?(): number;
  readStop?(): number;
}

/**
 * Destroys a socket of TLS with a {@link CloseNotifyMissingError} when its connection ends without a
 * close_notify, behind the bytes that came before: anybody on the way can end a connection, but not
 * say so in TLS (RFC 8446 §6.1, RFC 9112 §9.8). Node.js tells of both as the same end.
 */
export function requireCloseNotify(socket: TLSSocket, raw: Socket): void {
  let isCut = false;
  const push: (chunk: unknown, encoding?: BufferEncoding) => boolean = socket.push.bind(socket);
  // The only moment at which the two differ: a socket that is not read at once has its end later.
  socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk === null) isCut = isConnectionOver(socket, raw);
    return push(chunk, encoding);
  };
  socket.once('end', () => {
    if (isCut && !socket.destroyed) socket.destroy(new CloseNotifyMissingError());
  });
}

/**
 * Whether the connection itself has ended, while the end of TLS is told. Its handle reads on behind a
 * close_notify, and says so when it is to begin (UV_EALREADY); behind its own end it could begin anew.
 */
function isConnectionOver(socket: TLSSocket, raw: Socket): boolean {
  // Paused, nothing is read of the connection: it was a close_notify, behind the bytes that were read last.
  if (handleOf(socket)?.reading === false) return false;
  const handle = handleOf(raw);
  const result = handle?.readStart?.();
  if (result === undefined) return true;
  if (result === 0) handle?.readStop?.();
  return result === 0 || getSystemErrorName(result) !== 'EALREADY';
}

function handleOf(socket: Socket): Handle | null | undefined {
  return (socket as { _handle?: Handle | null })._handle;
}
