import type { HttpHeaders } from '../message/http-headers.ts';
import type { WireHead } from './wire-head.ts';

export const CRLF = '\r\n';
const LAST_CHUNK = '0\r\n';

/** The number of bytes that {@link writeBefore} writes. */
export function encodedLength(head: WireHead | undefined, chunkSize: number): number {
  const length =
    head === undefined ? 0 : head.startLine.length + head.headers.byteLength + head.ownedFields.length;
  return chunkSize === 0 ? length : length + chunkSize.toString(16).length + CRLF.length;
}

/** Writes what stands before data: the head, and the size line of a chunk unless `chunkSize` is 0. */
export function writeBefore(out: Buffer, head: WireHead | undefined, chunkSize: number): number {
  let at = 0;
  if (head !== undefined) {
    at = out.write(head.startLine, 0, 'latin1');
    at = head.headers.writeTo(out, at);
    at += out.write(head.ownedFields, at, 'latin1');
  }
  return chunkSize === 0 ? at : at + out.write(`${chunkSize.toString(16)}${CRLF}`, at, 'latin1');
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
  if (endsChunk) at += out.write(CRLF, at, 'latin1');
  if (trailers === undefined) return;
  at += out.write(LAST_CHUNK, at, 'latin1');
  at = trailers.writeTo(out, at);
  out.write(CRLF, at, 'latin1');
}
