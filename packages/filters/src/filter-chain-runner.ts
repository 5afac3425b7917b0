import { HttpKind, LastHttpContent } from '@sluice/codec-http';
import type { HttpContent } from '@sluice/codec-http';
import { bodyTooLarge } from './body-too-large.ts';
import { ChunkFilters } from './chunk-filters.ts';
import type { ChainFilter, FilterKind } from './filter.ts';
import { isLater } from './filter-result.ts';
import type { FilterEntry } from './filter-registry.ts';
import { HeldBody } from './held-body.ts';
import { HttpMessage } from './http-message.ts';
import { HttpStatusError } from './http-status-error.ts';
import { PendingResult } from './pending-result.ts';
import type { ResultReceiver } from './pending-result.ts';
import type { SessionContext } from './session-context.ts';

/** Where a message and its body go when the filters are through with them. */
export interface ChainOutput<M> {
  /** Whether the next stage wants the whole body before {@link onFiltered}. */
  needsBodyBuffered(message: M): boolean;
  onFiltered(message: M): void;
  onFilteredContent(chunk: HttpContent): void;
  /** What was given after a wait is to be sent now: nobody else knows that it came. */
  onFlush(): void;
  /** The message goes no further; the chain has stopped. */
  onFilterFailure(cause: unknown): void;
  /** Much of the body waits for a filter: the sender should stop, or may go on. */
  onFull(isFull: boolean): void;
}

type State = 'running' | 'awaiting-body' | 'awaiting-result' | 'delivering' | 'through' | 'stopped';

// Above this, whoever sends the body is asked to wait while a filter is under way. In bytes.
const HELD_HIGH_WATER_MARK = 64 * 1024;

/**
 * Runs the filters of one type over one message, then its body through those that want it.
 *
 * It goes from filter to filter in plain calls until one answers later or wants the whole body;
 * then what comes of the body is held, and the chain goes on where it stopped. A piece of the
 * body has always passed the filters before the one that it waits for.
 */
export class FilterChainRunner<M extends HttpMessage> implements ResultReceiver<M> {
  readonly #kind: FilterKind;
  readonly #context: SessionContext;
  readonly #output: ChainOutput<M>;
  readonly #maxBodyBytes: number;
  readonly #entries: readonly FilterEntry<ChainFilter<M>>[];
  #message: M;
  #index = 0;
  #state: State = 'running';
  #hasWaited = false;
  #isFull = false;
  #isBodyComplete = false;
  #held: HeldBody | undefined = undefined;
  #chunkFilters: ChunkFilters<M> | undefined = undefined;
  #pending: PendingResult<M> | undefined = undefined;

  constructor(
    kind: FilterKind,
    entries: readonly FilterEntry<ChainFilter<M>>[],
    message: M,
    output: ChainOutput<M>,
    maxBodyBytes: number,
  ) {
    this.#kind = kind;
    this.#entries = entries;
    this.#message = message;
    this.#context = message.context;
    this.#output = output;
    this.#maxBodyBytes = maxBodyBytes;
  }

  start(): void {
    this.#takeReplacedBody();
    this.#run();
  }

  /** A piece of the body; none counts after the last. */
  content(chunk: HttpContent): void {
    if (this.#state === 'stopped' || this.#isBodyComplete) return;
    if (chunk.kind === HttpKind.last) this.#isBodyComplete = true;
    const processed = this.#chunkFilters ? this.#processed(chunk, this.#chunkFilters) : chunk;
    if (processed === undefined) return;
    // A filter may have ended the body before its time.
    if (processed.kind === HttpKind.last) this.#isBodyComplete = true;
    if (this.#state === 'through') this.#output.onFilteredContent(processed);
    else this.#hold(processed);
  }

  /** The request is over: what is under way has no effect any more. */
  stop(reason?: unknown): void {
    this.#state = 'stopped';
    this.#held = undefined;
    this.#pending?.cancel(reason);
    this.#setFull(false);
  }

  onResult(value: M | void): void {
    const entry = this.#entries[this.#index];
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
    const entry = this.#entries[this.#index];
    if (entry === undefined) return;
    this.#state = 'running';
    this.#failed(entry, cause);
    this.#run();
  }

  #run(): void {
    while (this.#state === 'running') {
      const entry = this.#entries[this.#index];
      if (entry === undefined) this.#finish();
      else this.#runFilter(entry);
    }
  }

  #runFilter(entry: FilterEntry<ChainFilter<M>>): void {
    try {
      if (this.#isSkipped(entry)) this.#index++;
      else if (entry.filter.needsBodyBuffered?.(this.#message, this.#context) && !this.#hasWholeBody())
        return;
      else this.#apply(entry);
    } catch (cause) {
      this.#failed(entry, cause);
    }
  }

  #isSkipped({ filter, alwaysRun }: FilterEntry<ChainFilter<M>>): boolean {
    const context = this.#context;
    if (context.isCancelled) return true;
    if (context.stopFilterProcessing && !alwaysRun) return true;
    if (this.#kind === 'inbound' && context.shouldSendErrorResponse) return true;
    return filter.shouldFilter?.(this.#message, context) === false;
  }

  #apply(entry: FilterEntry<ChainFilter<M>>): void {
    const result = entry.filter.apply(this.#message, this.#context);
    if (!isLater(result)) {
      this.#applied(entry, result);
      return;
    }
    this.#state = 'awaiting-result';
    this.#hasWaited = true;
    this.#pending = new PendingResult(result, entry, this.#context, this);
  }

  #applied(entry: FilterEntry<ChainFilter<M>>, result: M | void): void {
    if (result) this.#message = requireMessage(result, entry.name);
    this.#index++;
    this.#takeReplacedBody();
    if (entry.filter.processContentChunk !== undefined) this.#addChunkFilter(entry);
  }

  #failed(entry: FilterEntry<ChainFilter<M>>, cause: unknown): void {
    this.#note(entry, cause);
    if (!entry.isFailOpen || cause instanceof HttpStatusError) this.#fail(cause);
    else {
      this.#state = 'running';
      this.#index++;
    }
  }

  /** A filter can't be left out any more when it has changed a part of the body. */
  #chunkFailed(entry: FilterEntry<ChainFilter<M>> | undefined, cause: unknown): void {
    if (entry !== undefined) this.#note(entry, cause);
    this.#fail(cause);
  }

  #fail(cause: unknown): void {
    this.stop(cause);
    this.#output.onFilterFailure(cause);
  }

  #note(entry: FilterEntry<ChainFilter<M>>, cause: unknown): void {
    const { channel } = this.#context;
    this.#context.addFilterError({ filter: entry.name, kind: this.#kind, cause });
    const fields = { err: cause, filter: entry.name, type: this.#kind, channel: channel.toString() };
    if (cause instanceof HttpStatusError) channel.logger.debug(fields, 'A filter refused a message.');
    else channel.logger.warn(fields, 'A filter failed.');
  }

  /** Every filter is through with the head: it goes on, and what is held behind it. */
  #finish(): void {
    try {
      if (this.#output.needsBodyBuffered(this.#message) && !this.#hasWholeBody()) return;
    } catch (cause) {
      this.#fail(cause);
      return;
    }
    this.#deliver();
  }

  #deliver(): void {
    // What comes while the held pieces go out is held, and goes out behind them.
    this.#state = 'delivering';
    this.#output.onFiltered(this.#message);
    for (let chunk = this.#held?.take(); chunk !== undefined; chunk = this.#held?.take()) {
      this.#output.onFilteredContent(chunk);
    }
    if (this.#isOver) return;
    this.#state = 'through';
    this.#setFull(false);
    if (this.#hasWaited) this.#output.onFlush();
  }

  // A getter, since the state changes within calls that the compiler does not look into.
  get #isOver(): boolean {
    return this.#state === 'stopped';
  }

  #takeReplacedBody(): void {
    const body = this.#message.takeReplacedBody();
    if (body === undefined) return;
    this.#isBodyComplete = true;
    this.#held = new HeldBody();
    this.#held.add(new LastHttpContent(body));
  }

  #addChunkFilter(entry: FilterEntry<ChainFilter<M>>): void {
    this.#message.setBodyLengthUnknown();
    this.#chunkFilters ??= new ChunkFilters();
    try {
      this.#chunkFilters.add(entry, this.#message, this.#held);
      if (this.#held?.isComplete) this.#isBodyComplete = true;
    } catch (cause) {
      this.#chunkFailed(entry, cause);
    }
  }

  #processed(chunk: HttpContent, filters: ChunkFilters<M>): HttpContent | undefined {
    try {
      return filters.process(this.#message, chunk);
    } catch (cause) {
      this.#chunkFailed(filters.current, cause);
      return undefined;
    }
  }

  /** Whether the whole body is there; else the chain waits for it, or fails when it is too large. */
  #hasWholeBody(): boolean {
    if (this.#message.opensTunnel) return true;
    const held = (this.#held ??= new HeldBody());
    if (held.bytes > this.#maxBodyBytes) this.#fail(bodyTooLarge(this.#kind));
    else if (this.#isBodyComplete) {
      this.#message.bufferBody(held.join());
      return true;
    } else {
      this.#state = 'awaiting-body';
      this.#hasWaited = true;
      this.#setFull(false);
    }
    return false;
  }

  #hold(chunk: HttpContent): void {
    const held = (this.#held ??= new HeldBody());
    held.add(chunk);
    if (this.#state !== 'awaiting-body') this.#setFull(held.bytes > HELD_HIGH_WATER_MARK);
    else if (held.bytes > this.#maxBodyBytes) this.#fail(bodyTooLarge(this.#kind));
    else if (this.#isBodyComplete) this.#resumeWithBody(held);
  }

  // Neither shouldFilter nor needsBodyBuffered is asked again.
  #resumeWithBody(held: HeldBody): void {
    const entry = this.#entries[this.#index];
    this.#state = 'running';
    this.#message.bufferBody(held.join());
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

  #setFull(isFull: boolean): void {
    if (this.#isFull === isFull) return;
    this.#isFull = isFull;
    this.#output.onFull(isFull);
  }
}

/** Untyped code returns anything. */
function requireMessage<M extends HttpMessage>(result: M, filter: string): M {
  if (result instanceof HttpMessage) return result;
  throw new TypeError(`The filter ${filter} returned something else than a message.`);
}
