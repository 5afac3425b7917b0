import { HttpKind, LastHttpContent } from '@sluice/codec-http';
import type { HttpContent, HttpHeaders } from '@sluice/codec-http';
import type { Channel, Timer } from '@sluice/core';
import { BodyInput } from './body-input.ts';
import { contentOf } from './body-piece.ts';
import type { BodyPiece } from './body-piece.ts';
import { kindOf } from '../message/kind-of.ts';
import { FilterTimeoutError } from '../chain/filter-timeout-error.ts';
import { RequestCancelledError } from '../error/request-cancelled-error.ts';

/** Whose body it is, and where the pieces go. Called on the channel's event loop. */
export interface TransformOwner {
  /** Whether another piece is wanted now. */
  readonly wantsMore: boolean;
  onTransformed(chunk: HttpContent): void;
  onTransformFailure(cause: unknown): void;
  /** The transform has taken of its input. */
  onTaken(): void;
}

/** A function that transforms, whose it is, and how long it may stand still, in ms. */
export interface TransformDeclaration {
  readonly name: string;
  readonly timeoutMs: number;
  transform(body: AsyncIterable<HttpContent>): AsyncIterable<BodyPiece>;
}

/**
 * One filter's transform at work on one body. It is asked for a piece when there is room for it, and
 * its sender waits while it does not take what has come.
 *
 * After the end, a failure or {@link cancel} it is deaf and holds nothing.
 */
export class BodyTransform {
  readonly #channel: Channel;
  readonly #declaration: TransformDeclaration;
  readonly #owner: TransformOwner;
  readonly #input = new BodyInput(() => this.#taken());
  readonly #iterator: AsyncIterator<BodyPiece>;
  #trailers: HttpHeaders | undefined = undefined;
  #timer: Timer;
  #progressAt: number;
  #isAsked = false;
  #isOver = false;

  /** Throws what the transform throws. */
  constructor(channel: Channel, declaration: TransformDeclaration, owner: TransformOwner) {
    this.#channel = channel;
    this.#declaration = declaration;
    this.#owner = owner;
    this.#iterator = iteratorOf(declaration.transform(this.#input));
    this.#progressAt = channel.clock.now();
    this.#timer = this.#checkIn(declaration.timeoutMs);
  }

  /** Whether its sender should wait. */
  get isFull(): boolean {
    return !this.#isOver && this.#input.isFull;
  }

  push(chunk: HttpContent): void {
    if (this.#isOver) return;
    if (chunk.kind === HttpKind.last) this.#trailers = (chunk as LastHttpContent).trailers;
    this.#progressed();
    this.#input.push(chunk);
    this.pull();
  }

  /** Asks for the next piece, if one is wanted and none was asked for. */
  pull(): void {
    if (this.#isAsked || this.#isOver || !this.#owner.wantsMore) return;
    this.#isAsked = true;
    this.#progressed();
    try {
      Promise.resolve(this.#iterator.next()).then(this.#given, this.#thrown);
    } catch (cause) {
      this.#thrown(cause);
    }
  }

  cancel(): void {
    if (this.#isOver) return;
    this.#end();
    this.#input.fail(new RequestCancelledError());
    this.#leave();
  }

  readonly #given = (result: IteratorResult<BodyPiece>): void => {
    this.#whenIdle(() => {
      this.#isAsked = false;
      this.#progressed();
      if (result.done === true) this.#give(new LastHttpContent(undefined, this.#trailers));
      else this.#give(contentOf(result.value));
      this.pull();
    });
  };

  readonly #thrown = (cause: unknown): void => {
    this.#whenIdle(() => this.#fail(cause));
  };

  #give(chunk: HttpContent): void {
    if (chunk.kind === HttpKind.last) {
      this.#end();
      void this.#input.return();
      this.#leave();
    }
    this.#owner.onTransformed(chunk);
    if (this.#isOver) this.#owner.onTaken();
  }

  #fail(cause: unknown): void {
    this.cancel();
    this.#owner.onTransformFailure(cause);
  }

  // As with every result that comes later: not within the Promise, where an error would be lost.
  #whenIdle(act: () => void): void {
    this.#channel.eventLoop.execute(() => {
      if (this.#isOver) return;
      try {
        act();
      } catch (cause) {
        this.#fail(cause);
      }
    });
  }

  #taken(): void {
    if (this.#isOver) return;
    this.#progressed();
    this.#owner.onTaken();
  }

  #progressed(): void {
    this.#progressAt = this.#channel.clock.now();
  }

  #checkIn(delayMs: number): Timer {
    return this.#channel.eventLoop.schedule(delayMs, () => this.#check());
  }

  /** It stands still when a piece is wanted and it has what it needs to make one. */
  #check(): void {
    const { name, timeoutMs } = this.#declaration;
    const isDue = this.#isAsked && this.#input.isReady;
    if (!isDue) this.#progressed();
    const leftMs = this.#progressAt + timeoutMs - this.#channel.clock.now();
    if (leftMs > 0) this.#timer = this.#checkIn(leftMs);
    else this.#fail(new FilterTimeoutError(name, timeoutMs));
  }

  #end(): void {
    this.#isOver = true;
    this.#timer.cancel();
  }

  /** Lets the transform close what it holds; what comes of that is of no interest. */
  #leave(): void {
    try {
      Promise.resolve(this.#iterator.return?.()).catch(() => {});
    } catch {
      // It is not asked again.
    }
  }
}

/** Throws a TypeError for what is no async iterable, as a Promise of one. */
function iteratorOf(pieces: AsyncIterable<BodyPiece>): AsyncIterator<BodyPiece> {
  const given: Partial<AsyncIterable<BodyPiece>> | undefined = pieces;
  if (typeof given?.[Symbol.asyncIterator] !== 'function')
    throw new TypeError(`Expected an async iterable from transformBody, found ${kindOf(given)}.`);
  return pieces[Symbol.asyncIterator]();
}
