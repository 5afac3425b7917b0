import type { ChannelOutput } from '../channel/channel-output.ts';
import { beginTurn, endTurn } from '../concurrent/clock.ts';
import type { EventLoop } from '../concurrent/event-loop.ts';

// So many flushes in one turn make a crowd, and with fewer than the other it is over.
const CROWD = 12;
const REMNANT = 6;
// While connections are accepted, a crowd comes over many turns: so many flushes are collected, for so long at most.
const ENOUGH = 24;
const MAX_WAIT_MS = 3;
// Without a crowd, every so-manieth flush looks how many follow in its turn.
const FLUSHES_BETWEEN_LOOKS = 64;

/**
 * Collects the flushes of all channels of an event loop while many come in each turn, and carries them
 * out behind the I/O of that turn.
 *
 * A write wakes its peer, which has read it and sleeps again before the next write comes, when there are
 * 20 µs of work between the two. Written in a row, most find their peer awake. With few channels it is the other way
 * round: the peer had better begin at once.
 *
 * libuv accepts one connection in each turn. Turns that follow one another and accept one each count as one turn,
 * since a crowd of new connections is spread over as many as it has members.
 */
export class FlushConsolidation {
  static readonly #ofLoops = new WeakMap<EventLoop, FlushConsolidation>();

  readonly #loop: EventLoop;
  #outputs: ChannelOutput[] = [];
  #isCrowded = false;
  #untilLook = FLUSHES_BETWEEN_LOOKS;
  // Of the turn whose end is awaited.
  #flushes = 0;
  #isEndAwaited = false;
  #hasAccepted = false;
  // When the turns that count as one end at the latest, once there is more than one.
  #deadline: number | undefined = undefined;

  private constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  /** The one of an event loop. */
  static of(loop: EventLoop): FlushConsolidation {
    let found = this.#ofLoops.get(loop);
    if (found === undefined) this.#ofLoops.set(loop, (found = new FlushConsolidation(loop)));
    return found;
  }

  /** Takes an output that is to be flushed when the turn ends. Returns false without a crowd: it is to be flushed now. */
  defer(output: ChannelOutput): boolean {
    if (!this.#isEndAwaited && !this.#isCrowded && --this.#untilLook > 0) return false;
    this.#awaitEnd();
    if (++this.#flushes >= CROWD) this.#isCrowded = true;
    if (this.#isCrowded) this.#outputs.push(output);
    return this.#isCrowded;
  }

  /** A listening channel of the event loop has accepted a connection in this turn. */
  connectionAccepted(): void {
    this.#hasAccepted = true;
  }

  #awaitEnd(): void {
    if (this.#isEndAwaited) return;
    this.#isEndAwaited = true;
    this.#flushes = 0;
    this.#deadline = undefined;
    this.#untilLook = FLUSHES_BETWEEN_LOOKS;
    this.#loop.nextTurn(this.#endTurn);
  }

  #includesNextTurn(): boolean {
    const hasAccepted = this.#hasAccepted;
    this.#hasAccepted = false;
    if (!hasAccepted || this.#flushes >= ENOUGH) return false;
    const now = this.#loop.clock.now();
    this.#deadline ??= now + MAX_WAIT_MS;
    return now < this.#deadline;
  }

  readonly #endTurn = (): void => {
    if (this.#includesNextTurn()) {
      this.#loop.nextTurn(this.#endTurn);
      return;
    }
    const outputs = this.#outputs;
    this.#outputs = [];
    this.#isEndAwaited = false;
    this.#isCrowded = this.#isCrowded && this.#flushes >= REMNANT;
    let at = 0;
    beginTurn();
    try {
      for (; at < outputs.length; at++) outputs[at]?.flushDeferred();
    } finally {
      endTurn();
      // The error is the loop's to log; the others have done nothing.
      if (at < outputs.length) this.#goOn(outputs.slice(at + 1));
    }
  };

  #goOn(outputs: readonly ChannelOutput[]): void {
    this.#outputs.unshift(...outputs);
    this.#awaitEnd();
  }
}
