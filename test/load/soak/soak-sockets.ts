import { connect, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext } from 'node:tls';
import type { ListeningGateway } from '../gateway/listeners.ts';

/** Makes a connection that takes writes at once; `onConnect` is called when the gateway's side has it. */
export type ClientSocket = (onConnect: () => void) => Socket;

const PREFACE = 'PROXY TCP4 192.0.2.7 192.0.2.8 40000 80\r\n';
const secureContext = createSecureContext({ minVersion: 'TLSv1.3' });

/** How the client at this place connects: of eight, five in plain HTTP, two with TLS, one behind a PROXY header. */
export function socketOf({ plain, tls, prefaced }: ListeningGateway, place: number): ClientSocket {
  const to = (port: number): Socket => connect({ host: '127.0.0.1', port, noDelay: true });
  if (place % 8 < 5) return (onConnect) => to(plain).once('connect', onConnect);
  if (place % 8 < 7)
    return (onConnect) => {
      const socket = to(tls).once('connect', onConnect);
      return connectTls({ socket, servername: 'load.test', rejectUnauthorized: false, secureContext });
    };
  return (onConnect) => {
    const socket = to(prefaced).once('connect', onConnect);
    socket.write(PREFACE);
    return socket;
  };
}
