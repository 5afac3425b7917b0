import type { HttpContent, HttpResponse } from '@sluice/codec-http';
import type { Destroyable } from '../declaration/filter.ts';
import type { FilterResult } from '../chain/filter-result.ts';
import type { HttpRequestMessage } from '../message/http-request-message.ts';
import type { HttpResponseMessage } from '../message/http-response-message.ts';
import type { SessionContext } from '../message/session-context.ts';

/** Makes the response to a request: at once, later, or streaming. */
export type Endpoint = ResponseEndpoint | StreamingEndpoint;

/** An endpoint that returns its response. */
export interface ResponseEndpoint extends Destroyable {
  /** Whether to wait for the whole body of the request before `apply`. Default: no; it is dropped. */
  needsBodyBuffered?(request: HttpRequestMessage, context: SessionContext): boolean;
  apply(request: HttpRequestMessage, context: SessionContext): FilterResult<HttpResponseMessage>;
}

/** An endpoint that takes the body as it comes and answers when and in as many pieces as it likes. */
export interface StreamingEndpoint extends Destroyable {
  /** Begins; what is given back hears of everything else that the client does. */
  open(request: HttpRequestMessage, downstream: Downstream): Upstream;
}

/** The client's side of a request, as a streaming endpoint sees it. Calls after the end are ignored. */
export interface Downstream {
  /** Whether the whole request has been received. */
  readonly isRequestComplete: boolean;
  /** Whether the client takes more at the moment. */
  readonly isWritable: boolean;
  /** An interim response (1xx) that is passed on as it is, without filters. */
  inform(response: HttpResponse): void;
  /** The response, through the outbound filters. Once. */
  respond(response: HttpResponseMessage): void;
  /** A piece of the body; the last one is a LastHttpContent. */
  content(chunk: HttpContent): void;
  /** Bytes of a tunnel, after a 101 or a response that accepts a CONNECT. */
  tunnel(bytes: Buffer): void;
  /** The far end of a tunnel has closed: closes the client's connection once all was sent. */
  endTunnel(): void;
  /** Sends what was given so far. */
  flush(): void;
  /** Answers with an error, or cuts the response, or the tunnel, when it has started. */
  fail(error: unknown): void;
  /** Stops and resumes the client's sending; counted. */
  pauseReads(): void;
  resumeReads(): void;
  /** The far side still takes a request that was read of the client long ago: the client's connection is not idle. */
  requestTaken(): void;
}

/** The far side of a request: what a streaming endpoint gives for the client's part to come in. */
export interface Upstream {
  /**
   * Whether it ends a tunnel that is quiet for too long; the idle time of the client's connection
   * does not count within one then. Default: no.
   */
  readonly endsQuietTunnel?: boolean;
  content(chunk: HttpContent): void;
  /** Bytes of a tunnel, after a 101 or a response that accepts a CONNECT. */
  tunnel(bytes: Buffer): void;
  /** The client has closed its sending side of a tunnel. */
  endTunnel(): void;
  /** Sends what was given so far. */
  flush(): void;
  /** The client takes more, or no more, at the moment. */
  downstreamWritabilityChanged(isWritable: boolean): void;
  /**
   * The request is over; called once, and the last call. `isComplete`: it ended as it should; else
   * whatever is under way is to be dropped, and the far end of a tunnel must see that it was cut.
   */
  end(isComplete: boolean): void;
}

export function isStreaming(endpoint: Endpoint): endpoint is StreamingEndpoint {
  return 'open' in endpoint;
}
