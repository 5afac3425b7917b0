import { HttpKind, LastHttpContent } from '@sluice/codec-http';
import type { HttpContent } from '@sluice/codec-http';
import type { Timer } from '@sluice/core';
import { FilterTimeoutError } from './filter-timeout-error.ts';
import { isLater, whenSettled } from './filter-result.ts';
import type { FilterResult } from './filter-result.ts';
import type { FilterKind, InboundFilter, OutboundFilter } from './filter.ts';
import type { FilterEntry } from './filter-registry.ts';
import type { HttpMessage } from './http-message.ts';
import type { SessionContext } from './session-context.ts';

type ChainFilter = InboundFilter & OutboundFilter;

/** Where a message and its body go when the filters are through with them. */
export interface ChainOutput<M> {
  filtered(message: M): void;
  content(chunk: HttpContent): void;
  /** A filter that fails closed has failed; the message goes no further. */
  filterFailed(cause: unknown): void;
  /** A filter wants the whole body, and it is larger than the limit. */
  bodyTooLarge(): void;
  /** Whether the next stage wants the whole body before {@link filtered}. */
  needsBodyBuffered(message: M): boolean;
  /** Much of the body waits for a filter: the sender should stop, or may go on. */
  pause(): void;
  resume(): void;
}

type Waiting = 'nothing' | 'body' | 'result';

// Above this, whoever sends the body is asked to wait while a filter is under way. In bytes.
const PENDING_HIGH_WATER_MARK = 64 * 1024;

/**
 * Runs the filters of one type over one message, then its body through those that want it.
 *
 * It goes from filter to filter in plain calls until one answers later or wants the whole body;
 * then what comes of the body waits here, and the chain goes on where it stopped. A piece of the
 * body has always passed the filters before the one that it waits for.
 */
export class FilterChainRunner<M extends HttpMessage> {
  readonly #kind: FilterKind;
  readonly #context: SessionContext;
  readonly #output: ChainOutput<M>;
  readonly #maxBodyBytes: number;
  #entries: readonly FilterEntry<ChainFilter>[] = [];
  #message: M | undefined = undefined;
  #index = 0;
  #waiting: Waiting = 'nothing';
  #isThrough = false;
  #isStopped = false;
  #isPaused = false;
  #isBodyComplete = false;
  #pending: HttpContent[] | undefined = undefined;
  #pendingBytes = 0;
  #chunkFilters: ChainFilter[] | undefined = undefined;
  #timer: Timer | undefined = undefined;

  constructor(kind: FilterKind, context: SessionContext, output: ChainOutput<M>, maxBodyBytes: number) {
    this.#kind = kind;
    this.#context = context;
    this.#output = output;
    this.#maxBodyBytes = maxBodyBytes;
  }

  start(entries: readonly FilterEntry<InboundFilter | OutboundFilter>[], message: M): void {
    this.#entries = entries as readonly FilterEntry<ChainFilter>[];
    this.#message = message;
    this.#run(message);
  }

  /** A piece of the body. */
  content(chunk: HttpContent): void {
    if (this.#isStopped || this.#isBodyComplete) return;
    if (chunk.kind === HttpKind.last) this.#isBodyComplete = true;
    if (this.#isThrough && this.#chunkFilters === undefined) this.#output.content(chunk);
    else this.#take(chunk);
  }

  /** The request is over: what is under way has no effect any more. */
  stop(): void {
    this.#isStopped = true;
    this.#pending = undefined;
    this.#timer?.cancel();
    this.#setPaused(false);
  }

  #run(first: M): void {
    let message = first;
    while (this.#index < this.#entries.length && !this.#isStopped) {
      const entry = this.#entries[this.#index];
      if (entry === undefined) return;
      try {
        if (this.#isSkipped(entry, message)) {
          this.#index++;
          continue;
        }
        if (this.#mustWaitForBody(entry.filter.needsBodyBuffered?.(message as never, this.#context) ?? false))
          return;
        const result = entry.filter.apply(message as never, this.#context) as FilterResult<HttpMessage>;
        if (isLater(result)) {
          this.#awaitResult(entry, result);
          return;
        }
        message = this.#applied(entry, message, result);
      } catch (cause) {
        if (!this.#failed(entry, cause)) return;
      }
    }
    this.#finish(message);
  }

  #finish(message: M): void {
    if (this.#isStopped || this.#mustWaitForBody(this.#output.needsBodyBuffered(message))) return;
    this.#isThrough = true;
    const pending = this.#pending;
    this.#pending = undefined;
    this.#output.filtered(message);
    const body = message.takeReplacedBody();
    if (body !== undefined) this.#replaceBody(body);
    else if (pending !== undefined) for (const chunk of pending) this.#output.content(chunk);
    this.#setPaused(false);
  }

  // What was or will be received of the old body is dropped.
  #replaceBody(body: Buffer): void {
    this.#isBodyComplete = true;
    this.#output.content(new LastHttpContent(body));
  }

  #isSkipped({ filter, alwaysRun }: FilterEntry<ChainFilter>, message: M): boolean {
    const context = this.#context;
    if (context.isCancelled) return true;
    if (context.stopFilterProcessing && !alwaysRun) return true;
    if (this.#kind === 'inbound' && context.shouldSendErrorResponse) return true;
    return filter.shouldFilter?.(message as never, context) === false;
  }

  /** Takes the outcome of a filter; returns the message that goes on. */
  #applied(entry: FilterEntry<ChainFilter>, message: M, result: HttpMessage | void): M {
    const next = (result ?? message) as M;
    this.#message = next;
    this.#index++;
    if (entry.filter.processContentChunk !== undefined) this.#addChunkFilter(entry.filter, next);
    return next;
  }

  #addChunkFilter(filter: ChainFilter, message: M): void {
    message.setBodyLengthUnknown();
    (this.#chunkFilters ??= []).push(filter);
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#pending = [];
    for (const chunk of pending) {
      const processed = process(filter, message, chunk);
      if (processed !== undefined) this.#pending.push(processed);
    }
  }

  #awaitResult(
    entry: FilterEntry<ChainFilter>,
    result: Exclude<FilterResult<HttpMessage>, HttpMessage | void>,
  ): void {
    this.#waiting = 'result';
    const index = this.#index;
    const settle = (next: () => void): void => {
      if (this.#isStopped || this.#waiting !== 'result' || this.#index !== index) return;
      this.#waiting = 'nothing';
      this.#timer?.cancel();
      next();
    };
    this.#timer = this.#context.channel.eventLoop.schedule(entry.timeoutMs, () =>
      settle(() => {
        const cause = new FilterTimeoutError(entry.name, entry.timeoutMs);
        this.#context.abortCurrent(cause);
        this.#resumeAfterFailure(entry, cause);
      }),
    );
    whenSettled(
      result,
      (value) => settle(() => this.#resume(entry, value)),
      (cause) => settle(() => this.#resumeAfterFailure(entry, cause)),
    );
  }

  #resume(entry: FilterEntry<ChainFilter>, value: HttpMessage | void): void {
    if (this.#message === undefined) return;
    try {
      this.#applied(entry, this.#message, value);
    } catch (cause) {
      if (!this.#failed(entry, cause)) return;
    }
    this.#run(this.#message);
  }

  #resumeAfterFailure(entry: FilterEntry<ChainFilter>, cause: unknown): void {
    if (this.#failed(entry, cause) && this.#message) this.#run(this.#message);
  }

  /** Notes a failure; returns whether the chain goes on. */
  #failed(entry: FilterEntry<ChainFilter>, cause: unknown): boolean {
    const { channel } = this.#context;
    this.#context.addFilterError({ filter: entry.name, kind: this.#kind, cause });
    const fields = { err: cause, filter: entry.name, type: this.#kind, channel: channel.toString() };
    channel.logger.warn(fields, 'A filter failed.');
    this.#index++;
    if (entry.isFailOpen) return true;
    this.#output.filterFailed(cause);
    return false;
  }

  /** Whether the chain must stop here until the whole body is there. */
  #mustWaitForBody(isWanted: boolean): boolean {
    if (!isWanted) return false;
    if (this.#isBodyComplete) {
      this.#joinBody();
      return false;
    }
    this.#waiting = 'body';
    return true;
  }

  #joinBody(): void {
    const chunks = this.#pending ?? [];
    const [first] = chunks;
    const isOne = chunks.length === 1 && first !== undefined;
    this.#message?.bufferBody(isOne ? first.data : Buffer.concat(chunks.map(({ data }) => data)));
  }

  #take(chunk: HttpContent): void {
    const message = this.#message;
    if (message === undefined) return;
    let processed: HttpContent | undefined = chunk;
    try {
      for (const filter of this.#chunkFilters ?? []) {
        processed = process(filter, message, processed);
        if (processed === undefined) return;
      }
    } catch (cause) {
      this.#output.filterFailed(cause);
      return;
    }
    if (this.#isThrough) this.#output.content(processed);
    else this.#hold(processed, message);
  }

  #hold(chunk: HttpContent, message: M): void {
    (this.#pending ??= []).push(chunk);
    this.#pendingBytes += chunk.data.length;
    if (this.#waiting === 'body') {
      if (this.#pendingBytes > this.#maxBodyBytes) this.#output.bodyTooLarge();
      else if (this.#isBodyComplete) {
        this.#waiting = 'nothing';
        this.#run(message);
      }
    } else if (this.#pendingBytes > PENDING_HIGH_WATER_MARK) this.#setPaused(true);
  }

  #setPaused(isPaused: boolean): void {
    if (this.#isPaused === isPaused) return;
    this.#isPaused = isPaused;
    if (isPaused) this.#output.pause();
    else this.#output.resume();
  }
}

/** The end of the body can be changed but not dropped. */
function process(filter: ChainFilter, message: HttpMessage, chunk: HttpContent): HttpContent | undefined {
  const processed = filter.processContentChunk?.(message as never, chunk);
  if (chunk.kind !== HttpKind.last || processed?.kind === HttpKind.last) return processed;
  return new LastHttpContent(processed?.data, (chunk as LastHttpContent).trailers, chunk.failure);
}
