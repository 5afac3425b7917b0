import { fstatSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { descriptorOf } from './unread-bytes.ts';

const TABLES = ['/proc/self/net/tcp', '/proc/self/net/tcp6'];
// Local and remote address, state, the bytes under way, four columns, uid, timeout, inode.
const LINE = /^ *\d+: \S+ \S+ \S+ ([\dA-F]{8}):\S+ \S+ \S+ +\d+ +\d+ (\d+) /gm;
// A table has a line for each connection of the machine, and thousands of them take milliseconds to read: it is read so
// seldom that this takes half a percent of the time at most.
const TABLE_AGE_MS = 5000;
const TABLE_AGE_FACTOR = 200;

let table: ReadonlyMap<number, number> = new Map();
let readAt = -Infinity;
let ageMs = TABLE_AGE_MS;

/**
 * Bytes that the operating system holds of what was written to a TCP socket, because its peer has not acknowledged
 * them, as they were in the last 5 s or, with many connections, a while before; undefined where the system does not tell, as any but Linux.
 */
export function unacknowledgedBytes(socket: Socket, nowMs: number): number | undefined {
  const fd = descriptorOf(socket);
  if (fd === undefined) return undefined;
  if (nowMs - readAt >= ageMs || nowMs < readAt) {
    const beganAt = performance.now();
    table = new Map(TABLES.flatMap(readTable));
    readAt = nowMs;
    ageMs = Math.max(TABLE_AGE_MS, TABLE_AGE_FACTOR * (performance.now() - beganAt));
  }
  try {
    return table.get(fstatSync(fd).ino);
  } catch {
    return undefined;
  }
}

function readTable(path: string): (readonly [number, number])[] {
  try {
    const lines = readFileSync(path, 'latin1').matchAll(LINE);
    return Array.from(lines, ([, bytes = '', inode = '']) => [Number(inode), Number.parseInt(bytes, 16)]);
  } catch {
    return [];
  }
}
