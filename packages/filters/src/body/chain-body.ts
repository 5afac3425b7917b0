import { HttpKind, LastHttpContent } from '@sluice/codec-http';
import type { HttpContent } from '@sluice/codec-http';
import { BodyStages } from './body-stages.ts';
import type { StageOutput } from './body-stages.ts';
import type { FilterEntry } from '../declaration/filter-entry.ts';
import type { ChainFilter } from '../declaration/filter.ts';
import { HeldBody } from './held-body.ts';
import type { HttpMessage } from '../message/http-message.ts';

// Above this, whoever sends the body is asked to wait while a filter is under way. In bytes.
const HELD_HIGH_WATER_MARK = 64 * 1024;

/** Whose body it is: what has passed the stages comes back to be held or sent. */
export interface BodyOwner<M> {
  readonly message: M;
  readonly wantsMore: boolean;
  onBody(chunk: HttpContent): void;
  onBodyFlush(): void;
  onStageFailure(entry: FilterEntry<ChainFilter<M>>, cause: unknown): void;
  onTaken(): void;
}

/** The body of one message on its way through a chain: the filters that want it, and what of it waits. */
export class ChainBody<M extends HttpMessage> implements StageOutput<M> {
  readonly #owner: BodyOwner<M>;
  readonly #held = new HeldBody();
  #stages: BodyStages<M> | undefined = undefined;
  #isComplete = false;

  constructor(owner: BodyOwner<M>) {
    this.#owner = owner;
  }

  /** Whether its end has passed the stages; nothing follows that. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Whether a filter may have made it another one. */
  get hasStages(): boolean {
    return this.#stages !== undefined;
  }

  /** What waits, in bytes. */
  get heldBytes(): number {
    return this.#held.bytes;
  }

  /** Whether so much waits that more should not come. */
  get isHoldingMuch(): boolean {
    return this.#held.bytes > HELD_HIGH_WATER_MARK;
  }

  /** Whether the sender should wait for a stage. */
  get isFull(): boolean {
    return this.#stages?.isFull ?? false;
  }

  /** A piece from the sender. */
  receive(chunk: HttpContent): void {
    if (this.#stages === undefined) this.onProcessed(chunk);
    else this.#stages.process(chunk);
  }

  hold(chunk: HttpContent): void {
    this.#held.add(chunk);
  }

  /** The first piece that waits, which does no longer; undefined when none is left. */
  take(): HttpContent | undefined {
    return this.#held.take();
  }

  /** All that waits, as one buffer; it goes on waiting. */
  join(): Buffer {
    return this.#held.join();
  }

  /** Another body takes the place of all that has come and will come. */
  replace(body: Buffer): void {
    this.#stages?.cancel();
    this.#stages = undefined;
    this.#held.clear();
    this.#held.add(new LastHttpContent(body));
    this.#isComplete = true;
  }

  /** A filter joins. What waits has passed the others, and passes this one now. */
  addStage(entry: FilterEntry<ChainFilter<M>>): void {
    const stages = (this.#stages ??= new BodyStages(this));
    stages.add(entry);
    const pieces = this.#held.clear();
    this.#isComplete = false;
    for (const piece of pieces) stages.processNewest(piece);
  }

  /** There is room again where it goes. */
  resume(): void {
    this.#stages?.resume();
  }

  cancel(): void {
    this.#held.clear();
    this.#stages?.cancel();
  }

  // From the stages.

  get message(): M {
    return this.#owner.message;
  }

  get wantsMore(): boolean {
    return this.#owner.wantsMore;
  }

  onProcessed(chunk: HttpContent): void {
    if (this.#isComplete) return;
    if (chunk.kind === HttpKind.last) this.#isComplete = true;
    this.#owner.onBody(chunk);
  }

  onFlush(): void {
    this.#owner.onBodyFlush();
  }

  onStageFailure(entry: FilterEntry<ChainFilter<M>>, cause: unknown): void {
    this.#owner.onStageFailure(entry, cause);
  }

  onTaken(): void {
    this.#owner.onTaken();
  }
}
