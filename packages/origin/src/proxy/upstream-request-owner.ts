import type { HttpResponse } from '@sluice/codec-http';
import type { RetryCause } from '../retry/retry-decision.ts';
import type { UpstreamRequest } from './upstream-request.ts';

/** Whose request it is: told of what becomes of a try. */
export interface UpstreamRequestOwner {
  /** There is a connection: the head is to be written, and what is there of the body. */
  onReady(attempt: UpstreamRequest): void;
  /** The end of the turn in which that was: what was written is to be flushed. */
  flush(): void;
  onInterim(response: HttpResponse): void;
  /** The head of the response; its body goes to the client, unless the try is told to `ignoreResponse`. */
  onResponse(attempt: UpstreamRequest, response: HttpResponse): void;
  /** The response is complete, and its last content about to be passed on. */
  onComplete(isRequestSent: boolean): void;
  /** There is no response, or not the rest of it. `cause` is undefined for what is never tried again. */
  onFailure(attempt: UpstreamRequest, error: unknown, cause: RetryCause | undefined): void;
  /** The server has ended the tunnel in order, or nothing has passed for too long. */
  onTunnelEnd(): void;
  /** The server takes no more of the request at the moment, or does again. */
  pauseClient(isPaused: boolean): void;
}
