import type { Answer } from '../exchange/exchange-target.ts';
import { bodyOf } from '../exchange/noise.ts';

const CHUNK_BYTES = 16_384;
const NOBODY = 'HTTP/1.1 200 OK\r\nx-token: nobody\r\ncontent-length: 6\r\n\r\nnobody';

/** Bytes of a right answer. */
export function replyTo(answer: Answer, connection: 'keep-alive' | 'close'): Buffer[] {
  const body = bodyOf(answer.token, answer.bytes);
  const closes = connection === 'close' || answer.framing === 'close';
  const head = [
    'HTTP/1.1 200 OK',
    `x-token: ${answer.token}`,
    ...(answer.framing === 'length' ? [`content-length: ${answer.bytes}`] : []),
    ...(answer.framing === 'chunked' ? ['transfer-encoding: chunked'] : []),
    ...(closes ? ['connection: close'] : []),
  ];
  const pieces = answer.framing === 'chunked' ? body.flatMap(chunksOf).concat(LAST_CHUNK) : body;
  return [Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), ...pieces];
}

/** The part of an answer that is sent before it breaks off: the head, and half of the body. */
export function halfOf(answer: Answer): Buffer[] {
  const [head = Buffer.alloc(0), ...body] = replyTo({ ...answer, framing: 'length' }, 'keep-alive');
  const whole = Buffer.concat(body);
  return [head, whole.subarray(0, Math.floor(whole.length / 2))];
}

/** What comes behind a complete answer that nobody asked for. */
export const SURPLUS = Buffer.from('surplus bytes that belong to no response');
export const SECOND_RESPONSE = Buffer.from(NOBODY);
export const INTERIM = Buffer.from(
  'HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n',
);
export const NOT_HTTP = Buffer.from('220 mail.test ESMTP\r\n');
export const HALF_A_HEAD = Buffer.from('HTTP/1.1 200 OK\r\nx-token: 1\r\ncontent-le');

const LAST_CHUNK = Buffer.from('0\r\n\r\n');
const LINE_END = Buffer.from('\r\n');

function chunksOf(bytes: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const chunk = bytes.subarray(at, at + CHUNK_BYTES);
    chunks.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, LINE_END);
  }
  return chunks;
}
