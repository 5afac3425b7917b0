import type { Hash64 } from './hash64.ts';
import type { Host } from './host.ts';
import type { HostPicker } from './host-picker.ts';
import type { LoadBalancerOptions } from './load-balancer-options.ts';
import { xxHash64OfText } from './xx-hash64.ts';

interface Place {
  readonly order: number;
  readonly host: number;
}

/**
 * Places every host many times on a ring, by weight, and takes the first at or behind the hash of
 * the request. A host that leaves gives its requests to its neighbours on the ring; all others
 * keep theirs.
 */
export class RingHashPicker<H extends Host> implements HostPicker<H> {
  readonly #hosts: readonly H[];
  readonly #random: () => number;
  readonly #orders: Float64Array;
  readonly #hostAt: Uint32Array;

  constructor(
    hosts: readonly H[],
    random: () => number,
    limits: Pick<LoadBalancerOptions, 'minRingSize' | 'maxRingSize'>,
  ) {
    const places = ringOf(hosts, limits);
    this.#hosts = hosts;
    this.#random = random;
    this.#orders = Float64Array.from(places, ({ order }) => order);
    this.#hostAt = Uint32Array.from(places, ({ host }) => host);
  }

  /** Places on the ring. */
  get size(): number {
    return this.#orders.length;
  }

  pick(hash: Hash64 | undefined): H | undefined {
    const at = hash === undefined ? Math.floor(this.#random() * this.size) : this.#firstFrom(hash.order);
    return this.#hosts[this.#hostAt[at] ?? this.#hosts.length];
  }

  #firstFrom(order: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#orders[middle] ?? 0) < order) low = middle + 1;
      else high = middle;
    }
    return low === this.size ? 0 : low;
  }
}

/** The lightest host gets a whole number of places, and the others as many times more as they weigh. */
function ringOf(
  hosts: readonly Host[],
  { minRingSize, maxRingSize }: Pick<LoadBalancerOptions, 'minRingSize' | 'maxRingSize'>,
): Place[] {
  const total = hosts.reduce((sum, { weight }) => sum + weight, 0);
  const least = Math.min(...hosts.map(({ weight }) => weight / total));
  const scale = Math.min(Math.ceil(least * minRingSize) / least, maxRingSize);
  const places: Place[] = [];
  let target = 0;
  for (const [host, { name, weight }] of hosts.entries()) {
    target += (scale * weight) / total;
    // What is left of a place is carried over to the next host.
    for (let copy = 0; places.length < target; copy++) {
      places.push({ order: xxHash64OfText(`${name}_${copy}`).order, host });
    }
  }
  return places.toSorted((a, b) => a.order - b.order);
}
