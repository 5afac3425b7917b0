import { HttpContent, HttpObject, HttpRequest, HttpResponse, LastHttpContent } from '@sluice/codec-http';
import type { HttpHeaders } from '@sluice/codec-http';
import type { Passed } from './probe.ts';

// What depends on the pieces in which bytes come, and may.
const PER_PIECE: ReadonlySet<string> = new Set(['channelReadComplete', 'read', 'flush']);

/** What passed a probe, in words that can be compared. */
export function transcript(passed: readonly Passed[]): readonly string[] {
  return passed.map(({ method, subject }) =>
    `${method} ${subject === undefined ? '' : inWords(subject)}`.trimEnd(),
  );
}

/** As {@link transcript}, without what the pieces decide in which bytes come: bytes in a row are one. */
export function joinedTranscript(passed: readonly Passed[]): readonly string[] {
  const lines: string[] = [];
  let bytes: Buffer[] = [];
  const endBytes = (): void => {
    if (bytes.length > 0) lines.push(`bytes ${Buffer.concat(bytes).toString('latin1')}`);
    bytes = [];
  };
  for (const { method, subject } of passed) {
    if (PER_PIECE.has(method)) continue;
    const data = dataOf(subject);
    if (data !== undefined && data.length > 0) bytes.push(data);
    if (data !== undefined && !(subject instanceof LastHttpContent)) continue;
    endBytes();
    lines.push(`${method} ${subject instanceof LastHttpContent ? endInWords(subject) : inWords(subject)}`);
  }
  endBytes();
  return lines;
}

function dataOf(subject: unknown): Buffer | undefined {
  if (Buffer.isBuffer(subject)) return subject;
  return subject instanceof HttpContent ? subject.data : undefined;
}

function inWords(subject: unknown): string {
  if (Buffer.isBuffer(subject)) return subject.toString('latin1');
  if (subject instanceof LastHttpContent) return `${subject.data.toString('latin1')} ${endInWords(subject)}`;
  if (subject instanceof HttpContent) return subject.data.toString('latin1');
  if (subject instanceof HttpRequest) {
    return `${subject.method} ${subject.target} ${subject.authority} ${headInWords(subject, subject.headers)}`;
  }
  if (subject instanceof HttpResponse) return `${subject.status} ${headInWords(subject, subject.headers)}`;
  if (subject instanceof Error) return `${subject.name}: ${subject.message}`;
  if (typeof subject === 'string') return subject;
  return typeof subject === 'object' && subject !== null ? subject.constructor.name : typeof subject;
}

function headInWords(message: HttpObject, headers: HttpHeaders): string {
  const fields = [...headers].map(([name, value]) => `${name}=${value}`).join(' ');
  return `${fields} ${message.failure?.message ?? ''}`.trim();
}

function endInWords(last: LastHttpContent): string {
  return `end ${headInWords(last, last.trailers)}`.trimEnd();
}
