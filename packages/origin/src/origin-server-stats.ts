/**
 * What became of a request that was given to a server: the status that it answered with, what
 * kept it from answering in whole, or `none` where nothing is learned about the server, as when the
 * client went away.
 */
export type RequestOutcome = number | 'connect_failure' | 'timeout' | 'reset' | 'protocol_error' | 'none';

/** Told of the end of each request. */
export interface OutcomeListener {
  requestEnded(outcome: RequestOutcome): void;
}

/** The requests that a server has been given. Each that is started is ended once. */
export class OriginServerStats {
  #active = 0;
  #total = 0;
  #listener: OutcomeListener | undefined = undefined;

  /** Requests that were started and have not ended. */
  get activeRequests(): number {
    return this.#active;
  }

  get totalRequests(): number {
    return this.#total;
  }

  requestStarted(): void {
    this.#active++;
    this.#total++;
  }

  requestEnded(outcome: RequestOutcome): void {
    this.#active--;
    this.#listener?.requestEnded(outcome);
  }

  /** @internal One at a time; undefined takes it away. */
  listen(listener: OutcomeListener | undefined): void {
    this.#listener = listener;
  }
}
