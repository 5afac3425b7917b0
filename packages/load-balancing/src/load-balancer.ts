import type { Hash64 } from './hash64.ts';
import type { Host } from './host.ts';

/** Chooses the host of each request. */
export interface LoadBalancer<H extends Host> {
  /** The hosts are others now, or their weights, priorities or health are. */
  update(hosts: readonly H[]): void;
  /**
   * Undefined when there is none to choose. `hash` is what must come to the same host again; it is
   * looked at by the policies that hash. `tried` is there for a repetition: a host in it is chosen
   * only when there is no other, and whose turn it is at the next first try stays as it is.
   */
  choose(hash?: Hash64, tried?: readonly H[]): H | undefined;
}
