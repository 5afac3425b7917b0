import { SluiceError } from '@sluice/core';
import { filterOptions } from '@sluice/filters';
import type { FilterClass } from '@sluice/filters';
import { handlerOptions } from '@sluice/inject';
import type { HandlerClass } from '@sluice/inject';
import type { Newable } from 'inversify';
import type { z } from 'zod';

/** What is wrong with the options of a filter, and with which of them. */
export interface OptionFault {
  readonly option: string;
  readonly message: string;
}

/** Filters that a configuration turns on by one name, with the options that they share. */
export interface FilterDefinition {
  readonly name: string;
  readonly filters: readonly FilterClass[];
  /** Made of what the schema lets through, and bound for the filters. Absent: what they inject, by its defaults. */
  readonly options?: Newable<object, never[]>;
  readonly schema?: z.ZodObject;
  /** The options that name an origin. */
  readonly originOptions?: readonly string[];
  /** What no schema can see of the options, such as a file that is not there. Absent: there is nothing. */
  faultOf?(options: object): OptionFault | undefined;
  /** The files that the options name: what they hold is part of the configuration. Absent: there is none. */
  filesOf?(options: object): readonly string[];
}

/** The handler lists that count where a configuration has none. */
export interface HandlerLists {
  readonly server: readonly HandlerClass[];
  /** Of listeners with TLS. Default: that of the others. */
  readonly tlsServer?: readonly HandlerClass[];
  readonly origin: readonly HandlerClass[];
}

/** The handlers and filters that a configuration can name. */
export class ComponentRegistry {
  readonly lists: HandlerLists;
  readonly #handlers = new Map<string, HandlerClass>();
  readonly #filters = new Map<string, FilterDefinition>();

  /** Handlers beside those of the lists. Throws a SluiceError when two have one name. */
  constructor(
    lists: HandlerLists,
    handlers: readonly HandlerClass[] = [],
    filters: readonly FilterDefinition[] = [],
  ) {
    this.lists = lists;
    const { server, tlsServer = [], origin } = lists;
    for (const handler of new Set([...server, ...tlsServer, ...origin, ...handlers]))
      this.#addHandler(handler);
    for (const filter of filters) this.#addFilter(filter);
  }

  get handlers(): ReadonlyMap<string, HandlerClass> {
    return this.#handlers;
  }

  get filters(): ReadonlyMap<string, FilterDefinition> {
    return this.#filters;
  }

  /** A registry with these too. Throws a SluiceError when one of them has the name of another. */
  with(handlers: readonly HandlerClass[], filters: readonly FilterClass[]): ComponentRegistry {
    const known = [...this.#handlers.values(), ...handlers];
    const added = filters.map((filter) => ({
      name: filterOptions(filter).name ?? filter.name,
      filters: [filter],
    }));
    return new ComponentRegistry(this.lists, known, [...this.#filters.values(), ...added]);
  }

  #addHandler(handler: HandlerClass): void {
    const { name } = handlerOptions(handler);
    const other = this.#handlers.get(name);
    if (other !== undefined)
      throw taken(`${handler.name} has the name of the handler ${other.name}, "${name}"`);
    this.#handlers.set(name, handler);
  }

  #addFilter(filter: FilterDefinition): void {
    if (this.#filters.has(filter.name)) throw taken(`there are two filters named "${filter.name}"`);
    this.#filters.set(filter.name, filter);
  }
}

function taken(what: string): SluiceError {
  return new SluiceError('SLUICE_COMPONENT_NAME', `${what}. Give it another.`);
}
