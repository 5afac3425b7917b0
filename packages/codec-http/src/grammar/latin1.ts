/** The octets from `start` to `end` as text, one character each: HTTP/1 heads are latin1 in and out. */
export function latin1Slice(bytes: Buffer, start: number | undefined, end: number | undefined): string {
  return bytes.toString('latin1', start, end);
}
