import { stderrLogger } from '@sluice/core';
import type { Logger } from '@sluice/core';
import type { FilterListener } from '../chain/filter-listener.ts';
import { destroyFilter } from './destroy-filter.ts';
import type { FilterSet } from './filter-set.ts';
import { FilterSetError } from './filter-set-error.ts';

/** A set in use: by new requests, or by those that started with it. */
export interface FilterSetUse {
  readonly set: FilterSet;
  /** Told of the executions of requests that start now. */
  readonly listener: FilterListener | undefined;
}

interface Use extends FilterSetUse {
  requests: number;
  onUnused: () => void;
}

export interface FilterRegistryOptions {
  /** Told of each execution of a filter. Default: nobody, which costs nothing. */
  readonly listener?: FilterListener | undefined;
  /** Told when a filter can't be destroyed. Default: standard error. */
  readonly logger?: Logger;
}

/**
 * Holds the current set of filters; new requests take it as it is at their start. A filter that is
 * in no set any more is destroyed when the last request that has it is over.
 */
export class FilterRegistry {
  readonly #listener: FilterListener | undefined;
  readonly #logger: Logger;
  readonly #retired = new Set<Use>();
  readonly #switchedOff = new Set<string>();
  #use: Use;
  #isClosed = false;

  constructor(current: FilterSet, { listener, logger = stderrLogger }: FilterRegistryOptions = {}) {
    this.#listener = listener;
    this.#logger = logger;
    this.#use = this.#useOf(current);
  }

  get current(): FilterSet {
    return this.#use.set;
  }

  /** The names of the filters that the operator has turned off; they may be in no set at the moment. */
  get disabled(): readonly string[] {
    return [...this.#switchedOff];
  }

  /**
   * From now on requests start with this set. What was turned off stays off under its name.
   * `onUnused` is called when the last request that has the set before it is over.
   */
  replace(set: FilterSet, onUnused: () => void = () => {}): void {
    if (set === this.#use.set) return;
    const replaced = this.#use;
    replaced.onUnused = onUnused;
    this.#use = this.#useOf(set);
    this.#applySwitches();
    this.#retire(replaced);
  }

  /**
   * Turns a filter off for everyone, also for requests under way that have not come to it. No route
   * turns it on again. Throws a {@link FilterSetError} for a name that is not in the current set, and
   * for one that is required, as the error endpoint always is.
   */
  disable(name: string): void {
    const { entries, endpoints, errorEndpoint } = this.current;
    const entry = entries.find((candidate) => candidate.name === name);
    if (entry === undefined) throw new FilterSetError(unknown(name, this.current));
    if (entry === endpoints.get(errorEndpoint)) {
      throw new FilterSetError(`The filter "${name}" answers errors and can't be turned off.`);
    }
    if (entry.isRequired) {
      throw new FilterSetError(`The filter "${name}" can't be turned off: nothing is answered without it.`);
    }
    this.#switchedOff.add(name);
    this.#applySwitches();
  }

  /** Takes {@link disable} back: the filter runs again where its decorator and the routes say so. */
  enable(name: string): void {
    this.#switchedOff.delete(name);
    this.#applySwitches();
  }

  /** @internal The set for a request that starts; to be given back to {@link release} once, at its end. */
  acquire(): FilterSetUse {
    this.#use.requests++;
    return this.#use;
  }

  /** @internal */
  release(use: FilterSetUse): void {
    const taken = use as Use;
    taken.requests--;
    if (taken.requests === 0 && this.#retired.has(taken)) this.#drop(taken);
  }

  /** No request starts any more: the filters are destroyed when the last one is over. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#retire(this.#use);
  }

  #useOf(set: FilterSet): Use {
    return { set, listener: this.#listener, requests: 0, onUnused: () => {} };
  }

  #applySwitches(): void {
    for (const { set } of [this.#use, ...this.#retired]) {
      for (const entry of set.entries) entry.isSwitchedOff = this.#switchedOff.has(entry.name);
    }
  }

  #retire(use: Use): void {
    this.#retired.add(use);
    if (use.requests === 0) this.#drop(use);
  }

  #drop(use: Use): void {
    this.#retired.delete(use);
    const live = this.#isClosed ? [...this.#retired] : [this.#use, ...this.#retired];
    const kept = new Set<unknown>(live.flatMap(({ set }) => set.entries.map(({ filter }) => filter)));
    for (const { filter, name } of use.set.entries) {
      if (!kept.has(filter)) destroyFilter(filter, name, this.#logger);
    }
    use.onUnused();
  }
}

function unknown(name: string, { entries }: FilterSet): string {
  return `There is no filter "${name}"; there are ${entries.map((entry) => entry.name).join(', ')}.`;
}
