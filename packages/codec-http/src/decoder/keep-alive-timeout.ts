import { latin1Slice } from '../grammar/latin1.ts';

// `timeout=5, max=100`: parameters of Keep-Alive (RFC 2068 §19.7.1.1), which RFC 9112 no longer describes and servers send.
const TIMEOUT = /(?:^|[,;\s])timeout[ \t]*=[ \t]*"?(\d{1,9})(?!\d)/i;

/** How long a server keeps the connection when nothing comes, in ms; Infinity where the value of its Keep-Alive does not say. */
export function parseKeepAliveTimeoutMs(bytes: Buffer, start: number, end: number): number {
  const seconds = TIMEOUT.exec(latin1Slice(bytes, start, end))?.[1];
  return seconds === undefined ? Infinity : Number(seconds) * 1000;
}
