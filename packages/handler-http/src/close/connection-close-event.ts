/** Why a connection should end. */
export type ConnectionCloseReason = 'OUT_OF_SERVICE' | 'SHUTDOWN' | 'EXPIRATION';

/**
 * Asks, from the head of a connection's pipeline, to end the connection without losing a request:
 * `GRACEFUL` as soon as there is none in flight, `GRACEFUL_DELAYED` the same after a random part
 * of a time, so that many clients do not come back at once, `GRACEFUL_AFTER_RESPONSE` after a
 * response that could tell the client, so that none sends a request into the close.
 */
export class ConnectionCloseEvent {
  readonly type: 'GRACEFUL' | 'GRACEFUL_DELAYED' | 'GRACEFUL_AFTER_RESPONSE';
  readonly reason: ConnectionCloseReason;
  /** The longest wait of a delayed one, and for the next request of one after a response, in ms; else 0. */
  readonly maxWaitMs: number;

  private constructor(type: ConnectionCloseEvent['type'], reason: ConnectionCloseReason, maxWaitMs: number) {
    this.type = type;
    this.reason = reason;
    this.maxWaitMs = maxWaitMs;
  }

  static graceful(reason: ConnectionCloseReason): ConnectionCloseEvent {
    return new ConnectionCloseEvent('GRACEFUL', reason, 0);
  }

  /** Throws a RangeError unless the time is at least 1 ms. */
  static gracefulDelayed(reason: ConnectionCloseReason, maxJitterMs: number): ConnectionCloseEvent {
    if (!(maxJitterMs >= 1)) throw new RangeError(`maxJitterMs must be at least 1, not ${maxJitterMs}.`);
    return new ConnectionCloseEvent('GRACEFUL_DELAYED', reason, maxJitterMs);
  }

  /** An idle connection is closed when no request has come for `maxIdleMs`. */
  static afterNextResponse(reason: ConnectionCloseReason, maxIdleMs: number): ConnectionCloseEvent {
    return new ConnectionCloseEvent('GRACEFUL_AFTER_RESPONSE', reason, maxIdleMs);
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
