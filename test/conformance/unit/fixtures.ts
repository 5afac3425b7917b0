import type { RequestCase } from '../case/request-case.ts';
import type { ResponseCase } from '../case/response-case.ts';
import type { ClientSide, Probe, RequestObservation, ResponseObservation } from '../judge/observation.ts';
import { parseRequestLine, parseStatus, requestFraming, responseFraming } from '../wire/framing.ts';
import type { Message } from '../wire/message-reader.ts';
import { MessageReader } from '../wire/message-reader.ts';
import type { UpstreamRecord, UpstreamRequest } from '../wire/origin-connection.ts';
import type { ReceivedResponse } from '../wire/raw-client.ts';

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
export const BAD_REQUEST = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
export const GET = 'GET / HTTP/1.1\r\nHost: example.test\r\n\r\n';

export const ownAnswer: Probe = { isOwnAnswer: true, saw: '200' };
export const strangeAnswer: Probe = { isOwnAnswer: false, saw: '200 with "evil"' };

/** A request case with the fields a test cares for. */
export function requestCase(fields: Partial<RequestCase> = {}): RequestCase {
  return {
    id: 'made-up',
    category: 'baseline',
    rfc: '9112',
    raw: GET,
    expect: 'accept',
    level: 'MUST',
    forward_count: 1,
    connection_after: 'keep-alive',
    why: 'made up',
    ...fields,
  };
}

/** A response case with the fields a test cares for. */
export function responseCase(fields: Partial<ResponseCase> = {}): ResponseCase {
  return {
    id: 'made-up',
    category: 'valid',
    rfc: '9112',
    request_method: 'GET',
    raw_response: '',
    upstream_end: 'none',
    expect: 'pass',
    level: 'MUST',
    on_pass: 'relay',
    client_sees: { status: 200, body: 'ok', complete: true },
    upstream_reuse: true,
    why: 'made up',
    ...fields,
  };
}

/** The client's side of a case in which these bytes came back. */
export function clientSaw(received: string, end: ClientSide['end'] = 'open', method = 'GET'): ClientSide {
  const reader = new MessageReader({ framingOf: (head) => responseFraming(head, method) });
  reader.push(Buffer.from(received, 'latin1'));
  if (end === 'fin') reader.end();
  const all = reader.messages.map(toResponse);
  return {
    received,
    responses: all.filter(({ status }) => status >= 200 || status === 101),
    interim: all.map(({ status }) => status).filter((status) => status < 200 && status !== 101),
    end,
    malformed: reader.malformed,
    tunnel: reader.tunnel,
  };
}

/** An upstream connection that carried these bytes. */
export function originSaw(bytes: string, fields: Partial<UpstreamRecord> = {}): UpstreamRecord {
  const reader = new MessageReader({ framingOf: requestFraming });
  reader.push(Buffer.from(bytes, 'latin1'));
  const requests = reader.messages.filter(({ complete }) => complete).map(toRequest);
  const { isMidMessage: isUnfinished, malformed, tunnel } = reader;
  return { connection: 1, bytes, requests, isUnfinished, malformed, tunnel, isClosed: false, ...fields };
}

/** What a proxy that did all well would show of `requestCase()`. */
export function requestSeen(fields: Partial<RequestObservation> = {}): RequestObservation {
  return {
    client: clientSaw(OK),
    preceding: undefined,
    sameConnection: ownAnswer,
    otherConnection: ownAnswer,
    upstream: [originSaw(GET)],
    ...fields,
  };
}

/** What a proxy that did all well would show of `responseCase()`. */
export function responseSeen(fields: Partial<ResponseObservation> = {}): ResponseObservation {
  return {
    client: clientSaw(OK),
    next: ownAnswer,
    timesForwarded: 1,
    spent: [originSaw(GET)],
    nextConnections: [1],
    ...fields,
  };
}

function toRequest(message: Message): UpstreamRequest {
  return { ...message, ...parseRequestLine(message.head.startLine), earlyBytes: '', arrival: 0 };
}

function toResponse(message: Message): ReceivedResponse {
  return { ...message, status: parseStatus(message.head.startLine) };
}
