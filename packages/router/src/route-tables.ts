import type { RouteTable } from './route-table.ts';

/** Holds the current routes; new requests take them as they are at their start. */
export class RouteTables {
  #current: RouteTable;

  constructor(current: RouteTable) {
    this.#current = current;
  }

  get current(): RouteTable {
    return this.#current;
  }

  replace(table: RouteTable): void {
    this.#current = table;
  }
}
