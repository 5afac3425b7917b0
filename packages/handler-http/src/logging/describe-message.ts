import { Buffer } from 'node:buffer';
import { HttpContent, HttpRequest, HttpResponse, LastHttpContent } from '@sluice/codec-http';
import { hexDump } from './hex-dump.ts';

/** A message as a log line shows it; `withBytes` adds a table of what a buffer or a body holds. */
export function describeMessage(message: unknown, withBytes: boolean): string {
  if (Buffer.isBuffer(message)) return describeBytes(message, withBytes);
  if (message instanceof HttpRequest) return `HttpRequest(${message.method} ${message.target})`;
  if (message instanceof HttpResponse) return `HttpResponse(${message.status})`;
  if (message instanceof HttpContent) {
    const name = message instanceof LastHttpContent ? 'LastHttpContent' : 'HttpContent';
    return `${name}, ${describeBytes(message.data, withBytes)}`;
  }
  return describeValue(message);
}

/** An event, an error or any other value: its text, or the name of its class where it has no text of its own. */
export function describeValue(value: unknown): string {
  const text = String(value);
  return text === '[object Object]' ? (Object(value) as object).constructor.name : text;
}

function describeBytes(bytes: Buffer, withBytes: boolean): string {
  const size = `${bytes.length}B`;
  return withBytes && bytes.length > 0 ? `${size}\n${hexDump(bytes)}` : size;
}
