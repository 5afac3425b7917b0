import type { HttpHeaders } from '@sluice/codec-http';
import type { Timer } from '@sluice/core';
import type { ResponseFlag } from '@sluice/filters';
import { backOffMs, retryAfterMs } from './back-off.ts';
import type { ServerChoice } from '../balancing/server-choice.ts';
import type { OriginServer } from '../origin-server.ts';
import type { Origin } from '../origin.ts';
import { mayRetry } from './retry-decision.ts';
import type { RepeatableRequest, RetryCause } from './retry-decision.ts';
import { DEFAULT_RETRY } from '../proxy/upstream-policy.ts';
import type { RetryPolicy } from '../proxy/upstream-policy.ts';

/** The repetitions of one request: how many there were, on which servers, and whether there is one more. */
export class RequestRetries {
  readonly #policy: RetryPolicy;
  readonly #origin: Origin;
  readonly #tried: OriginServer[] = [];
  #count = 0;
  #needsFreshConnection = false;
  #refusal: ResponseFlag | undefined = undefined;
  #timer: Timer | undefined = undefined;
  /** Whether one of the origin's repetitions under way is this request's. */
  #isCounted = false;

  /** For the next try: another server than before, if there is one. */
  readonly choice: ServerChoice;

  /** `choice`: what the first try was sent by. */
  constructor(policy: RetryPolicy, origin: Origin, choice: ServerChoice | undefined) {
    this.choice = { ...choice, tried: this.#tried };
    this.#policy = policy;
    this.#origin = origin;
  }

  /** Where a kept connection has ended, so may the next one; a new one will not. */
  get needsFreshConnection(): boolean {
    return this.#needsFreshConnection;
  }

  /** What kept a try that failed from being repeated, where that was a limit; for the access log. */
  get refusal(): ResponseFlag | undefined {
    return this.#refusal;
  }

  /** How long to wait before the next try, in ms; undefined when there is none. */
  next(
    cause: RetryCause,
    request: RepeatableRequest,
    server: OriginServer | undefined,
    headers: HttpHeaders | undefined,
  ): number | undefined {
    this.finished();
    if (!mayRetry(this.#policy, cause, request)) return undefined;
    if (server !== undefined && !this.#tried.includes(server)) this.#tried.push(server);
    if (!this.#isWorthwhile(cause)) return undefined;
    const { requests } = this.#origin.resources.metrics;
    if (this.#count >= this.#policy.numRetries) {
      requests['retry.limit.exceeded'].inc();
      this.#refusal = 'URX';
      return undefined;
    }
    const waitMs = this.#waitMs(headers);
    if (waitMs === undefined || !this.#takePlace()) return undefined;
    this.#count++;
    this.#needsFreshConnection = cause === 'refused-stream' || cause === 'reset-before-request';
    requests.retry.inc();
    return waitMs;
  }

  /** Starts the next try in this many ms, at least a turn of the event loop from now. */
  start(waitMs: number, next: () => void): void {
    const { eventLoop } = this.#origin.resources;
    // At once a connection might be lent that is about to be closed, by a server that closes them all.
    if (waitMs === 0) eventLoop.nextTurn(next);
    else this.#timer = eventLoop.schedule(waitMs, next);
  }

  /** A repetition has brought a response to pass on. */
  succeeded(): void {
    if (this.#count > 0) this.#origin.resources.metrics.requests['retry.success'].inc();
    this.finished();
  }

  /** The repetition that was under way is over. */
  finished(): void {
    this.#timer?.cancel();
    if (!this.#isCounted) return;
    this.#isCounted = false;
    this.#origin.resources.retries--;
  }

  // Without a policy: to connect again to a server that has refused a moment ago is of no use.
  #isWorthwhile(cause: RetryCause): boolean {
    if (this.#policy !== DEFAULT_RETRY || cause !== 'connect-failure') return true;
    return this.#origin.servers.some((server) => !this.#tried.includes(server));
  }

  // Repetitions without a policy cost a server nothing that it has not been spared before.
  #takePlace(): boolean {
    if (this.#policy === DEFAULT_RETRY) return true;
    const { resources } = this.#origin;
    this.#isCounted = resources.hasRetryLeft;
    if (this.#isCounted) resources.retries++;
    else {
      resources.metrics.requests['retry.overflow'].inc();
      this.#refusal = 'UO';
    }
    return this.#isCounted;
  }

  #waitMs(headers: HttpHeaders | undefined): number | undefined {
    const { random, eventLoop } = this.#origin.resources;
    const { retryAfterMaxMs } = this.#policy;
    const asked = headers && retryAfterMaxMs > 0 ? retryAfterMs(headers, eventLoop.clock) : undefined;
    if (asked === undefined) return backOffMs(this.#policy, this.#count + 1, random);
    // Not before the time that was asked for, and not all at that very moment.
    return asked > retryAfterMaxMs ? undefined : asked * (1 + random() / 2);
  }
}
