import type { HttpHeaders } from '@sluice/codec-http';
import type { OriginResources } from '../origin-resources.ts';
import type { Timed, Timeout } from './timeouts.ts';
import type { UpstreamPolicy } from './upstream-policy.ts';

/** Tells an origin how much time it has for a request, in whole ms; never taken from a client. */
export const DEADLINE_FIELD = 'X-Sluice-Expected-Timeout-Ms';

/** The time that a request has for all its tries. It begins with the end of the request. */
export class RequestDeadline {
  readonly #policy: UpstreamPolicy;
  readonly #resources: OriginResources;
  readonly #target: Timed;
  #timeout: Timeout | undefined = undefined;

  constructor(policy: UpstreamPolicy, resources: OriginResources, target: Timed) {
    this.#policy = policy;
    this.#resources = resources;
    this.#target = target;
  }

  start(): void {
    const { timeoutMs = 0 } = this.#policy;
    if (timeoutMs > 0) this.#timeout ??= this.#resources.timeouts.start(timeoutMs, this.#target);
  }

  stop(): void {
    this.#timeout?.cancel();
    this.#timeout = undefined;
  }

  /** Puts the time that is left for this try into the request, if the policy says so. */
  tell(headers: HttpHeaders): void {
    if (!this.#policy.sendDeadline) return;
    const leftMs = Math.min(this.#leftMs(), limitOf(this.#policy.perTryTimeoutMs));
    if (leftMs !== Infinity) headers.set(DEADLINE_FIELD, String(Math.max(0, Math.floor(leftMs))));
  }

  #leftMs(): number {
    if (this.#timeout === undefined) return limitOf(this.#policy.timeoutMs);
    return this.#timeout.dueAt - this.#resources.eventLoop.clock.now();
  }
}

function limitOf(ms = 0): number {
  return ms === 0 ? Infinity : ms;
}
