import { writeLatin1 } from '../grammar/latin1.ts';
import type { HttpHeaders } from '../message/http-headers.ts';
import type { WireHead } from './wire-head.ts';

export const CRLF = '\r\n';
const LAST_CHUNK = '0\r\n';

/** The number of bytes that {@link writeBefore} writes. */
export function encodedLength(head: WireHead | undefined, chunkSize: number): number {
  const length = head === undefined ? 0 : head.text.length + head.headers.byteLength + CRLF.length;
  return chunkSize === 0 ? length : length + chunkSize.toString(16).length + CRLF.length;
}

/** Writes what stands before data: the head, and the size line of a chunk unless `chunkSize` is 0. */
export function writeBefore(out: Buffer, head: WireHead | undefined, chunkSize: number): number {
  let at = 0;
  if (head !== undefined) at = head.headers.writeTo(out, 0, head.text, CRLF);
  return chunkSize === 0 ? at : writeLatin1(out, at, `${chunkSize.toString(16)}${CRLF}`);
}

/** The number of bytes that end a chunked body with these trailers. */
export function trailerLength(trailers: HttpHeaders): number {
  return LAST_CHUNK.length + trailers.byteLength + CRLF.length;
}

/** Writes what stands after data: the end of a chunk, and with `trailers` the end of the body. */
export function writeAfter(
  out: Buffer,
  offset: number,
  endsChunk: boolean,
  trailers: HttpHeaders | undefined,
): void {
  let at = offset;
  if (endsChunk) at = writeLatin1(out, at, CRLF);
  if (trailers !== undefined) trailers.writeTo(out, at, LAST_CHUNK, CRLF);
}
