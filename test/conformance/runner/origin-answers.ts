import { createHash } from 'node:crypto';
import type { RequestCase } from '../case/request-case.ts';
import { valuesOf } from '../wire/head.ts';
import type { OriginConnection, UpstreamRequest } from '../wire/origin-connection.ts';
import type { Responder } from '../wire/recording-origin.ts';
import { isProbeTarget } from './probe.ts';

/** Answers as the request cases want it: a 200 with "ok", or a 101 to those that ask for a WebSocket. */
export function answersFor({ upstream_behavior: behavior }: RequestCase): Responder {
  let sequence = 0;
  return {
    onRequest(request, connection) {
      if (isProbeTarget(request.target)) answer(connection, request, request.target);
      else if (behavior === '101-websocket' && asksForWebSocket(request))
        switchProtocols(connection, request);
      else answer(connection, request, 'ok', `X-Origin-Sequence: ${++sequence}\r\n`);
    },
  };
}

/** Sends a 200 with a text, without the text to HEAD. */
export function answer(
  connection: OriginConnection,
  request: UpstreamRequest,
  text: string,
  fields = '',
): void {
  const head = `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n${fields}\r\n`;
  connection.answer(request, request.method === 'HEAD' ? head : head + text);
}

function asksForWebSocket({ head }: UpstreamRequest): boolean {
  return valuesOf(head.fields, 'upgrade').some((value) => value.toLowerCase() === 'websocket');
}

// RFC 6455 §4.2.2: the key and this constant, hashed, prove that the server understood.
function switchProtocols(connection: OriginConnection, request: UpstreamRequest): void {
  const [key = ''] = valuesOf(request.head.fields, 'sec-websocket-key');
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const fields = `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n`;
  connection.answer(request, `HTTP/1.1 101 Switching Protocols\r\n${fields}\r\n`);
  connection.echoTunnel();
}
