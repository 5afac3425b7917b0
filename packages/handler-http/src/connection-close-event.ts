/** Why a connection should end. */
export type ConnectionCloseReason = 'OUT_OF_SERVICE' | 'SHUTDOWN' | 'EXPIRATION';

/**
 * Asks, from the head of a connection's pipeline, to end the connection without losing a request:
 * `GRACEFUL` as soon as there is none in flight, `GRACEFUL_DELAYED` the same after a random part
 * of a time, so that many clients do not come back at once.
 */
export class ConnectionCloseEvent {
  readonly type: 'GRACEFUL' | 'GRACEFUL_DELAYED';
  readonly reason: ConnectionCloseReason;
  /** The longest wait of a delayed one, in ms; else 0. */
  readonly maxJitterMs: number;

  private constructor(reason: ConnectionCloseReason, maxJitterMs: number) {
    this.type = maxJitterMs > 0 ? 'GRACEFUL_DELAYED' : 'GRACEFUL';
    this.reason = reason;
    this.maxJitterMs = maxJitterMs;
  }

  static graceful(reason: ConnectionCloseReason): ConnectionCloseEvent {
    return new ConnectionCloseEvent(reason, 0);
  }

  /** Throws a RangeError unless the time is at least 1 ms. */
  static gracefulDelayed(reason: ConnectionCloseReason, maxJitterMs: number): ConnectionCloseEvent {
    if (!(maxJitterMs >= 1)) throw new RangeError(`maxJitterMs must be at least 1, not ${maxJitterMs}.`);
    return new ConnectionCloseEvent(reason, maxJitterMs);
  }
}

/**
 * What a graceful close waited for: `idle`, nothing; `response`, the end of a response that
 * announced it; `timeout`, a client that had not been told and sent no other request.
 */
export type ConnectionCloseTrigger = 'idle' | 'response' | 'timeout';

/** Fired from the head when a connection is closed as a {@link ConnectionCloseEvent} asked. */
export class ConnectionCloseHandledEvent {
  readonly event: ConnectionCloseEvent;
  readonly trigger: ConnectionCloseTrigger;

  constructor(event: ConnectionCloseEvent, trigger: ConnectionCloseTrigger) {
    this.event = event;
    this.trigger = trigger;
  }
}
