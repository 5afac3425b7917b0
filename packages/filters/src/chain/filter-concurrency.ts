import { FilterConcurrencyError } from './filter-concurrency-error.ts';

/** How many asynchronous calls of one filter are under way, and how many there may be. */
export class FilterConcurrency {
  readonly limit: number;
  #current = 0;
  #rejected = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get current(): number {
    return this.#current;
  }

  /** How often the filter was not called because the limit was reached. */
  get rejected(): number {
    return this.#rejected;
  }

  /** Throws a {@link FilterConcurrencyError} when as many calls are under way as there may be. */
  requireRoom(filter: string): void {
    if (this.#current < this.limit) return;
    this.#rejected++;
    throw new FilterConcurrencyError(filter, this.limit);
  }

  enter(): void {
    this.#current++;
  }

  leave(): void {
    this.#current--;
  }
}
