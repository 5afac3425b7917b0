import { RefusedRequest } from '@sluice/codec-http';
import type { HttpHeaders, HttpRequest, HttpResponse } from '@sluice/codec-http';
import type { Channel, SocketAddress } from '@sluice/core';
import {
  LOCAL_ADDR,
  LOCAL_INET_ADDR,
  PEER_ADDR,
  REMOTE_ADDR,
  SOURCE_INET_ADDR,
} from '@sluice/handler-connection';
import type { CompleteReason, RequestRejectedReason } from '@sluice/handler-http';
import type { AccessLogFields } from './access-log-fields.ts';

const PROTOCOLS = ['HTTP/1.0', 'HTTP/1.1'] as const;

/**
 * What there is to tell of one exchange. The request's side is as the client sent it, whatever
 * filters make of the request afterwards. Times of the clock are in ms.
 */
export class AccessLogEntry {
  readonly channel: Channel;
  readonly request: HttpRequest;
  /** Undefined, like target, authority and protocol, where the client has not sent so much of a request that was refused. */
  readonly method: string | undefined;
  readonly target: string | undefined;
  readonly authority: string | undefined;
  readonly protocol: string | undefined;
  readonly headers: HttpHeaders;
  /** Who the client is: the socket's peer, or what a proxy in front tells. */
  readonly remote: SocketAddress | undefined;
  /** The socket's peer. */
  readonly peer: SocketAddress | undefined;
  /** Where the client has connected to. */
  readonly local: SocketAddress | undefined;
  /** When the head of the request was complete, since 1970-01-01 UTC. */
  readonly startedEpochMs: number;
  /** The same, by the clock that {@link endedAt} goes by. */
  readonly startedAt: number;
  endedAt = 0;
  /** When the last byte of the request was received; undefined when it was not. */
  requestEndedAt: number | undefined = undefined;
  /** Bytes of the request's body, and what the client has sent within a tunnel. */
  requestBytes = 0;
  /** Bytes of the response's body, and what was sent to the client within a tunnel. */
  responseBytes = 0;
  /** Undefined when none was begun. */
  response: HttpResponse | undefined = undefined;
  reason: CompleteReason = 'SESSION_COMPLETE';
  /** Why a handler has answered before the filters could; undefined when none has. */
  rejection: RequestRejectedReason | undefined = undefined;
  fields: AccessLogFields | undefined = undefined;

  constructor(channel: Channel, request: HttpRequest) {
    this.channel = channel;
    this.request = request;
    const { method, target, authority } = request instanceof RefusedRequest ? request.received : request;
    this.method = method;
    this.target = target;
    this.authority = authority;
    this.protocol =
      request instanceof RefusedRequest ? request.received.protocol : PROTOCOLS[request.minorVersion];
    this.headers = request.headers.copy();
    this.remote =
      channel.attr(SOURCE_INET_ADDR).get() ?? channel.attr(REMOTE_ADDR).get() ?? channel.remoteAddress;
    this.peer = channel.attr(PEER_ADDR).get() ?? channel.remoteAddress;
    this.local =
      channel.attr(LOCAL_INET_ADDR).get() ?? channel.attr(LOCAL_ADDR).get() ?? channel.localAddress;
    this.startedEpochMs = channel.clock.epochMs();
    this.startedAt = channel.clock.turnNow();
  }

  /** From the head of the request to the end of the exchange. */
  get durationMs(): number {
    return this.endedAt - this.startedAt;
  }
}
