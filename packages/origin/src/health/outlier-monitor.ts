import type { OriginServer } from '../origin-server.ts';
import type { OutcomeListener, RequestOutcome } from '../origin-server-stats.ts';
import type { OutlierDetectionOptions } from './outlier-detection-options.ts';

/** Why a server is thought to be ill. */
export type OutlierReason =
  | 'consecutive_5xx'
  | 'consecutive_gateway_failure'
  | 'consecutive_local_origin_failure'
  | 'success_rate'
  | 'local_origin_success_rate'
  | 'failure_percentage'
  | 'local_origin_failure_percentage';

/** What a failure to get an answer counts as, where it is not counted apart: the status that the client gets. */
const STATUS_OF_FAILURE = { connect_failure: 503, timeout: 504, reset: 503, protocol_error: 502 } as const;

/** Requests of one interval, and how many of them were well. */
export class RequestTally {
  successes = 0;
  total = 0;

  add(isSuccess: boolean): void {
    this.total++;
    if (isSuccess) this.successes++;
  }

  /** In %. */
  get successRate(): number {
    return this.total === 0 ? 100 : (100 * this.successes) / this.total;
  }
}

/** How the requests of one server have ended: in a row, and in this interval. */
export class OutlierMonitor implements OutcomeListener {
  readonly server: OriginServer;
  /** Ejections that still count for how long the next one lasts. */
  ejections = 0;
  ejectedUntilMs = 0;
  /** What it answered. */
  answers = new RequestTally();
  /** Whether it could be made to answer; counted when that is counted apart. */
  attempts = new RequestTally();
  readonly #options: OutlierDetectionOptions;
  readonly #onOutlier: (monitor: OutlierMonitor, reason: OutlierReason) => void;
  #fives = 0;
  #gatewayFailures = 0;
  #localFailures = 0;

  constructor(
    server: OriginServer,
    options: OutlierDetectionOptions,
    onOutlier: (monitor: OutlierMonitor, reason: OutlierReason) => void,
  ) {
    this.server = server;
    this.#options = options;
    this.#onOutlier = onOutlier;
  }

  requestEnded(outcome: RequestOutcome): void {
    if (outcome === 'none') return;
    if (typeof outcome === 'number') this.#answered(outcome);
    else if (this.#options.splitLocalOriginErrors && outcome !== 'protocol_error') this.#notAnswered();
    else this.#countStatus(STATUS_OF_FAILURE[outcome]);
  }

  /** Begins another interval. */
  roll(): void {
    this.answers = new RequestTally();
    this.attempts = new RequestTally();
  }

  /** Begins all counts in a row anew. */
  forgive(): void {
    this.#fives = 0;
    this.#gatewayFailures = 0;
    this.#localFailures = 0;
  }

  #answered(status: number): void {
    this.#localFailures = 0;
    if (this.#options.splitLocalOriginErrors) this.attempts.add(true);
    this.#countStatus(status);
  }

  #notAnswered(): void {
    this.attempts.add(false);
    if (++this.#localFailures !== this.#options.consecutiveLocalOriginFailure) return;
    this.#localFailures = 0;
    this.#onOutlier(this, 'consecutive_local_origin_failure');
  }

  #countStatus(status: number): void {
    this.answers.add(status < 500);
    this.#gatewayFailures = status >= 502 && status <= 504 ? this.#gatewayFailures + 1 : 0;
    this.#fives = status >= 500 ? this.#fives + 1 : 0;
    if (this.#gatewayFailures === this.#options.consecutiveGatewayFailure) {
      this.#gatewayFailures = 0;
      this.#onOutlier(this, 'consecutive_gateway_failure');
    }
    if (this.#fives === this.#options.consecutive5xx) {
      this.#fives = 0;
      this.#onOutlier(this, 'consecutive_5xx');
    }
  }
}
