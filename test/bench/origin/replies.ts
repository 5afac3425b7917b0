import type { Message } from '../../support/http/message-reader.ts';

/** Body of `/small`: 34 bytes, the size of the figures in the design notes. */
const SMALL_BODY = 'one small answer from the origin.\n';
const ONE_MEBIBYTE = 1_048_576;

/** An answer in the two forms that a request can ask for: the connection stays open, or it ends (RFC 9112 §9.6). */
type Reply = { keepAlive: Buffer; close: Buffer };

const SMALL = reply('200 OK', 'text/plain', Buffer.from(SMALL_BODY));
const LARGE = reply('200 OK', 'application/octet-stream', Buffer.alloc(ONE_MEBIBYTE, 'sluice '));
const NOT_FOUND = reply('404 Not Found', 'text/plain', Buffer.from('no such page\n'));

/** Chooses the answer to a request; all but the receipt of an upload are built beforehand. */
export function replyTo(request: Message): Buffer {
  const { keepAlive, close } = choose(request);
  return request.closes ? close : keepAlive;
}

/** Body that confirms an upload: its length betrays a proxy that lost some of the body. */
export function uploadReceipt(bodyBytes: number): string {
  return `received ${bodyBytes} bytes\n`;
}

function choose({ startLine, bodyBytes }: Message): Reply {
  if (startLine.startsWith('GET /small ')) return SMALL;
  if (startLine.startsWith('GET /1m ')) return LARGE;
  if (!startLine.startsWith('POST /upload ')) return NOT_FOUND;
  return reply('200 OK', 'text/plain', Buffer.from(uploadReceipt(bodyBytes)));
}

function reply(status: string, type: string, body: Buffer): Reply {
  const head = `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n`;
  return {
    keepAlive: Buffer.concat([Buffer.from(`${head}\r\n`), body]),
    close: Buffer.concat([Buffer.from(`${head}connection: close\r\n\r\n`), body]),
  };
}
