import { HttpKind, LastHttpContent } from '@sluice/codec-http';
import type { HttpContent } from '@sluice/codec-http';
import { bodyTooLarge } from '../body/body-too-large.ts';
import { ChainBody } from '../body/chain-body.ts';
import type { BodyOwner } from '../body/chain-body.ts';
import type { ChainParts } from './chain-parts.ts';
import type { FilterEntry } from '../declaration/filter-entry.ts';
import { refusalOf } from './filter-refusal.ts';
import { requireBoolean } from './require-boolean.ts';
import type { ChainFilter } from '../declaration/filter.ts';
import { noteFilterError } from './filter-error.ts';
import { isLater } from './filter-result.ts';
import { FilterConcurrencyError } from './filter-concurrency-error.ts';
import { requireMessage } from '../message/http-message.ts';
import type { HttpMessage } from '../message/http-message.ts';
import { HttpStatusError } from '../error/http-status-error.ts';
import { PendingResult } from './pending-result.ts';
import type { ResultReceiver } from './pending-result.ts';
import type { SessionContext } from '../message/session-context.ts';

type State = 'running' | 'awaiting-body' | 'awaiting-result' | 'delivering' | 'through' | 'stopped';

const BUFFERING = {
  inbound: { start: 'FILTERS_INBOUND_BUF_START', end: 'FILTERS_INBOUND_BUF_END' },
  outbound: { start: 'FILTERS_OUTBOUND_BUF_START', end: 'FILTERS_OUTBOUND_BUF_END' },
} as const;

/**
 * Runs the filters of one type over one message, then its body through those that want it.
 *
 * It goes from filter to filter in plain calls until one answers later or wants the whole body;
 * then what comes of the body is held, and the chain goes on where it stopped. A piece of the
 * body has always passed the filters before the one that it waits for.
 */
export class FilterChainRunner<M extends HttpMessage> implements ResultReceiver<M>, BodyOwner<M> {
  readonly #parts: ChainParts<M>;
  readonly #context: SessionContext;
  #message: M;
  #index = 0;
  #state: State = 'running';
  #hasWaited = false;
  #isFull = false;
  #isInputComplete = false;
  #body: ChainBody<M> | undefined = undefined;
  /** Whether the end of an empty body is held: for that alone there is no {@link ChainBody}. */
  #isEndHeld = false;
  #pending: PendingResult<M> | undefined = undefined;
  /** When the filter at the index was called. */
  #startedAt: number | undefined = undefined;

  constructor(parts: ChainParts<M>, message: M) {
    this.#parts = parts;
    this.#message = message;
    this.#context = message.context;
  }

  start(): void {
    this.#takeReplacedBody();
    this.#run();
  }

  /** A piece of the body; none counts after the last. */
  content(chunk: HttpContent): void {
    if (this.#state === 'stopped' || this.#isInputComplete) return;
    if (chunk.kind === HttpKind.last) this.#isInputComplete = true;
    if (this.#body === undefined && this.#state === 'through') this.#parts.output.onFilteredContent(chunk);
    else if (this.#body === undefined && chunk === LastHttpContent.EMPTY) this.#isEndHeld = true;
    else this.#requireBody().receive(chunk);
    this.#updateFull();
  }

  /** The output may be ready again. */
  outputChanged(): void {
    if (this.#body !== undefined && this.wantsMore) this.#body.resume();
  }

  /** The request is over: what is under way has no effect any more. */
  stop(reason?: unknown): void {
    this.#state = 'stopped';
    this.#isEndHeld = false;
    this.#body?.cancel();
    this.#pending?.cancel(reason);
    this.#updateFull();
  }

  onResult(value: M | void): void {
    const entry = this.#parts.entries[this.#index];
    if (entry === undefined) return;
    this.#state = 'running';
    try {
      this.#applied(entry, value);
    } catch (cause) {
      this.#failed(entry, cause);
    }
    this.#run();
  }

  onResultFailure(cause: unknown): void {
    const entry = this.#parts.entries[this.#index];
    if (entry === undefined) return;
    this.#state = 'running';
    this.#failed(entry, cause);
    this.#run();
  }

  // From the body.

  get message(): M {
    return this.#message;
  }

  get wantsMore(): boolean {
    if (this.#state === 'through') return this.#parts.output.isReady;
    return this.#state === 'awaiting-body' || !this.#isHolding();
  }

  onBody(chunk: HttpContent): void {
    if (this.#state === 'stopped') return;
    if (this.#state === 'through') this.#send(chunk);
    else this.#hold(chunk);
  }

  onBodyFlush(): void {
    if (this.#state === 'through') this.#parts.output.onFlush();
  }

  onTaken(): void {
    this.#updateFull();
  }

  /** A filter can't be left out any more when it has changed a part of the body. */
  onStageFailure(entry: FilterEntry<ChainFilter<M>>, cause: unknown): void {
    if (this.#state === 'stopped') return;
    this.#parts.executions.end(entry, 'FAILED');
    noteFilterError(this.#context, entry, cause);
    this.#fail(cause);
  }

  #run(): void {
    while (this.#state === 'running') {
      const entry = this.#parts.entries[this.#index];
      if (entry === undefined) this.#finish();
      else this.#runFilter(entry);
    }
  }

  #runFilter(entry: FilterEntry<ChainFilter<M>>): void {
    this.#startedAt = undefined;
    try {
      const refusal = refusalOf(entry, this.#message);
      if (refusal !== undefined) {
        this.#parts.executions.end(entry, refusal);
        this.#index++;
      } else if (!this.#needsBody(entry) || this.#hasWholeBody(entry)) this.#apply(entry);
    } catch (cause) {
      this.#failed(entry, cause);
    }
  }

  #needsBody(entry: FilterEntry<ChainFilter<M>>): boolean {
    if (!entry.hasNeedsBodyBuffered) return false;
    return requireBoolean(
      entry.filter.needsBodyBuffered?.(this.#message, this.#context),
      'needsBodyBuffered',
      entry.name,
    );
  }

  #apply(entry: FilterEntry<ChainFilter<M>>): void {
    const { executions } = this.#parts;
    entry.concurrency.requireRoom(entry.name);
    this.#startedAt = executions.startTime();
    const result = entry.filter.apply(this.#message, this.#context);
    if (result === this.#message || !isLater(result)) {
      this.#applied(entry, result);
      return;
    }
    this.#state = 'awaiting-result';
    this.#hasWaited = true;
    this.#startedAt = executions.awaitResult(entry, this.#startedAt);
    this.#pending = new PendingResult(result, entry, this.#context, this);
  }

  #applied(entry: FilterEntry<ChainFilter<M>>, result: M | void): void {
    // Untyped code returns null where it has nothing to say; false may be meant as a refusal.
    if (result !== this.#message && result !== undefined && result !== null)
      this.#message = requireMessage(result, this.#message, entry.name);
    this.#takeReplacedBody();
    if (entry.hasBodyHook) this.#addStage(entry);
    if (this.#isOver) return;
    this.#index++;
    this.#parts.executions.end(entry, 'SUCCESS', this.#startedAt);
  }

  #failed(entry: FilterEntry<ChainFilter<M>>, cause: unknown): void {
    if (this.#isOver) return;
    this.#parts.executions.end(entry, 'FAILED', this.#startedAt);
    if (cause instanceof FilterConcurrencyError) this.#parts.executions.reject(entry);
    noteFilterError(this.#context, entry, cause);
    if (!entry.isFailOpen || cause instanceof HttpStatusError) this.#fail(cause);
    else {
      this.#state = 'running';
      this.#index++;
    }
  }

  #fail(cause: unknown): void {
    this.stop(cause);
    this.#parts.output.onFilterFailure(cause);
  }

  /** Every filter is through with the head: it goes on, and what is held behind it. */
  #finish(): void {
    try {
      if (this.#parts.output.needsBodyBuffered(this.#message) && !this.#hasWholeBody(undefined)) return;
    } catch (cause) {
      this.#fail(cause);
      return;
    }
    this.#deliver();
  }

  #deliver(): void {
    // What comes while the held pieces go out is held, and goes out behind them.
    this.#state = 'delivering';
    this.#parts.output.onFiltered(this.#message);
    if (this.#isEndHeld) this.#sendEnd();
    for (let chunk = this.#body?.take(); chunk !== undefined; chunk = this.#body?.take()) this.#send(chunk);
    if (this.#isOver) return;
    this.#state = 'through';
    this.#updateFull();
    if (this.#hasWaited) this.#parts.output.onFlush();
    this.outputChanged();
  }

  #sendEnd(): void {
    this.#isEndHeld = false;
    this.#send(LastHttpContent.EMPTY);
  }

  /** A message that has no body gets none on its way: its head has said so. */
  #send(chunk: HttpContent): void {
    const { output } = this.#parts;
    const isSurplus = chunk.data.length > 0 && this.#body?.hasStages === true && this.#message.hasNoBody;
    if (!isSurplus) output.onFilteredContent(chunk);
    else if (chunk.kind === HttpKind.last) output.onFilteredContent(LastHttpContent.EMPTY);
  }

  // A getter, since the state changes within calls that the compiler does not look into.
  get #isOver(): boolean {
    return this.#state === 'stopped';
  }

  #requireBody(): ChainBody<M> {
    if (this.#body !== undefined) return this.#body;
    this.#body = new ChainBody(this);
    if (this.#isEndHeld) this.#body.receive(LastHttpContent.EMPTY);
    this.#isEndHeld = false;
    return this.#body;
  }

  #takeReplacedBody(): void {
    const body = this.#message.takeReplacedBody();
    if (body === undefined) return;
    this.#isInputComplete = true;
    this.#requireBody().replace(body);
    this.#updateFull();
  }

  #addStage(entry: FilterEntry<ChainFilter<M>>): void {
    if (!entry.keepsBody) this.#message.setBodyChanged();
    try {
      this.#requireBody().addStage(entry);
    } catch (cause) {
      this.onStageFailure(entry, cause);
    }
  }

  /** Whether the whole body is there; else the chain waits for it, or fails when it is too large. */
  #hasWholeBody(entry: FilterEntry<ChainFilter<M>> | undefined): boolean {
    if (this.#message.opensTunnel) return true;
    const body = this.#requireBody();
    if (this.#isTooLarge(Math.max(body.heldBytes, this.#message.announcedBytes))) {
      this.#fail(bodyTooLarge(this.#parts.kind));
    } else if (body.isComplete) {
      this.#message.bufferBody(body.join());
      return true;
    } else {
      this.#state = 'awaiting-body';
      this.#record('start');
      this.#parts.output.onBodyAwaited?.();
      this.#hasWaited = true;
      if (entry !== undefined) this.#parts.executions.awaitBody(entry);
      this.#updateFull();
      body.resume();
    }
    return false;
  }

  #hold(chunk: HttpContent): void {
    const body = this.#requireBody();
    body.hold(chunk);
    if (this.#state !== 'awaiting-body') this.#updateFull();
    else if (this.#isTooLarge(body.heldBytes)) this.#fail(bodyTooLarge(this.#parts.kind));
    else if (body.isComplete) this.#resumeWithBody(body);
  }

  #isTooLarge(bytes: number): boolean {
    return bytes > (this.#parts.entries[this.#index]?.maxBodyBytes ?? this.#parts.maxBodyBytes);
  }

  // Neither shouldFilter nor needsBodyBuffered is asked again.
  #resumeWithBody(body: ChainBody<M>): void {
    const entry = this.#parts.entries[this.#index];
    this.#state = 'running';
    this.#record('end');
    this.#message.bufferBody(body.join());
    if (entry === undefined) {
      this.#deliver();
      return;
    }
    try {
      this.#apply(entry);
    } catch (cause) {
      this.#failed(entry, cause);
    }
    this.#run();
  }

  /** When waiting for the body has begun or ended; where there is none, its end alone was not there yet. */
  #record(event: 'start' | 'end'): void {
    if (!this.#message.hasNoBody) this.#context.passport?.add(BUFFERING[this.#parts.kind][event]);
  }

  /** Whether enough waits behind a filter that is under way. */
  #isHolding(): boolean {
    if (this.#state === 'through' || this.#state === 'awaiting-body') return false;
    return this.#body?.isHoldingMuch ?? false;
  }

  #updateFull(): void {
    if (this.#body === undefined) return;
    const isFull = !this.#isOver && (this.#isHolding() || this.#body.isFull);
    if (this.#isFull === isFull) return;
    this.#isFull = isFull;
    this.#parts.output.onFull(isFull);
  }
}
