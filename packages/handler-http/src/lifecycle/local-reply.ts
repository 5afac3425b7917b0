import { Buffer } from 'node:buffer';
import { HttpHeaders, HttpResponse, LastHttpContent } from '@sluice/codec-http';
import type { RequestRejectedEvent } from './request-rejected-event.ts';

/** A channel or a context: whatever takes HTTP objects on their way to the client. */
interface HttpOutput {
  write(message: HttpResponse): void;
  writeAndFlush(message: LastHttpContent): void;
}

/**
 * Answers a request that was rejected with a short constant text, as the last response of its connection. `Proxy-Status`
 * (RFC 9209 §2.3) says that no origin did; why is what the event has told the log.
 */
export function writeLocalReply(output: HttpOutput, { status }: RequestRejectedEvent, text: string): void {
  const body = Buffer.from(`${text}\n`, 'latin1');
  const headers = HttpHeaders.of([
    ['content-type', 'text/plain'],
    ['proxy-status', 'sluice; error=http_request_error'],
  ]);
  output.write(new HttpResponse({ status, headers, contentLength: body.length, keepAlive: false }));
  output.writeAndFlush(new LastHttpContent(body));
}
