import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** The ways in which the bytes of a case are cut into segments. */
export const FEEDINGS = ['whole', 'bytes', 'lines', 'pipelined'] as const;

/** Whole; a byte a segment; cut at each CR and LF; behind a valid request on the same connection. */
export type Feeding = (typeof FEEDINGS)[number];

/** Those of a response, which has no request in front of it. */
export const RESPONSE_FEEDINGS: readonly Feeding[] = FEEDINGS.filter((feeding) => feeding !== 'pipelined');

/** What stands before the case when it is fed `pipelined`. */
export const PRECEDING_TARGET = '/before';
const PRECEDING_REQUEST = `GET ${PRECEDING_TARGET} HTTP/1.1\r\nHost: example.test\r\n\r\n`;

/** Above this many bytes only both ends are fed byte by byte: 200 000 segments show nothing that 2 000 do not. */
const BYTEWISE_LIMIT = 16_384;
const BYTEWISE_END = 1_024;

/** Cuts the bytes of a case. Chunks of the case's own stand for `whole`. */
export function cut(feeding: Feeding, raw: string, chunks: readonly string[] | undefined): Buffer[] {
  const parts = chunks ?? [raw];
  switch (feeding) {
    case 'whole':
      return parts.map(toBytes);
    case 'pipelined':
      return [PRECEDING_REQUEST + (parts[0] ?? ''), ...parts.slice(1)].map(toBytes);
    case 'lines':
      return raw.split(/(?<=[\r\n])/).map(toBytes);
    default:
      return cutBytes(toBytes(raw));
  }
}

/** Writes each segment in a loop turn of its own, so that the kernel sends it alone, until `isOver`. */
export async function writeSegments(
  socket: Socket,
  segments: readonly Buffer[],
  isOver: () => boolean,
): Promise<void> {
  for (const segment of segments) {
    if (isOver()) return;
    if (segment.length === 0) continue;
    socket.write(segment);
    await nextTurn();
  }
}

/** A byte a segment. */
export function cutBytes(raw: Buffer): Buffer[] {
  const single = (from: number, to: number): Buffer[] =>
    Array.from({ length: to - from }, (_, at) => raw.subarray(from + at, from + at + 1));
  if (raw.length <= BYTEWISE_LIMIT) return single(0, raw.length);
  const tail = raw.length - BYTEWISE_END;
  return [...single(0, BYTEWISE_END), raw.subarray(BYTEWISE_END, tail), ...single(tail, raw.length)];
}

function toBytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
