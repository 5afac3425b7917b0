import type { ChannelOutput } from '../channel/channel-output.ts';
import { beginTurn, endTurn } from '../concurrent/clock.ts';
import type { EventLoop } from '../concurrent/event-loop.ts';

// So many flushes in one turn make a crowd, and with fewer than the other it is over.
const CROWD = 12;
const REMNANT = 6;
// Without a crowd, every so-manieth flush looks how many follow in its turn.
const FLUSHES_BETWEEN_LOOKS = 64;

/**
 * Collects the flushes of all channels of an event loop while many come in each turn, and carries them
 * out behind the I/O of that turn.
 *
 * A write wakes its peer, which has read it and sleeps again before the next write comes, when there are
 * 20 µs of work between the two. Written in a row, most find their peer awake. With few channels it is the other way
 * round: the peer had better begin at once.
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

  #awaitEnd(): void {
    if (this.#isEndAwaited) return;
    this.#isEndAwaited = true;
    this.#flushes = 0;
    this.#untilLook = FLUSHES_BETWEEN_LOOKS;
    this.#loop.nextTurn(this.#endTurn);
  }

  readonly #endTurn = (): void => {
    const outputs = this.#outputs;
    this.#outputs = [];
    this.#isEndAwaited = false;
    this.#isCrowded = this.#isCrowded && this.#flushes >= REMNANT;
    let at = 0;
    beginTurn();
    try {
      for (; at < outputs.length; at++) outputs[at]?.flushNow();
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
