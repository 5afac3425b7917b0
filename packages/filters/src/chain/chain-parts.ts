import type { HttpContent } from '@sluice/codec-http';
import type { FilterEntry } from '../declaration/filter-entry.ts';
import type { FilterExecutions } from './filter-executions.ts';
import type { ChainFilter, FilterKind } from '../declaration/filter.ts';

/** Where a message and its body go when the filters are through with them. */
export interface ChainOutput<M> {
  /** Whether it takes more of the body now. A transform waits while it does not. */
  readonly isReady: boolean;
  /** Whether the next stage wants the whole body before {@link onFiltered}. */
  needsBodyBuffered(message: M): boolean;
  /** The chain goes on when all of the body is there. */
  onBodyAwaited?(): void;
  onFiltered(message: M): void;
  onFilteredContent(chunk: HttpContent): void;
  /** What was given after a wait is to be sent now: nobody else knows that it came. */
  onFlush(): void;
  /** The message goes no further; the chain has stopped. */
  onFilterFailure(cause: unknown): void;
  /** Much of the body waits for a filter: the sender should stop, or may go on. */
  onFull(isFull: boolean): void;
}

/** What a chain is made of, but for its message. */
export interface ChainParts<M> {
  readonly kind: Exclude<FilterKind, 'endpoint'>;
  readonly entries: readonly FilterEntry<ChainFilter<M>>[];
  readonly executions: FilterExecutions;
  readonly output: ChainOutput<M>;
  /** The largest body that is held for a filter that wants all of it, in bytes. */
  readonly maxBodyBytes: number;
}
