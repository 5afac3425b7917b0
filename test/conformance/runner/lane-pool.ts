import type { ProxyUnderTest } from '../proxy/proxy-under-test.ts';
import type { LaneOptions } from './lane.ts';
import { Lane } from './lane.ts';

/** Several lanes, so that cases that wait do not hold up the others. */
export class LanePool {
  readonly #lanes: readonly Lane[];

  private constructor(lanes: readonly Lane[]) {
    this.#lanes = lanes;
  }

  static async open(proxy: ProxyUnderTest, size: number, options: LaneOptions = {}): Promise<LanePool> {
    const lanes = Array.from({ length: size }, () => Lane.open(proxy, options));
    return new LanePool(await Promise.all(lanes));
  }

  /** Does the work for every item, one item a lane at a time, and gives the results in the items' order. */
  async map<Item, Result>(
    items: readonly Item[],
    work: (lane: Lane, item: Item) => Promise<Result>,
  ): Promise<readonly Result[]> {
    const results: Result[] = [];
    const queue = items.entries();
    const serve = async (lane: Lane): Promise<void> => {
      for (const [at, item] of queue) results[at] = await work(lane, item);
    };
    await Promise.all(this.#lanes.map(serve));
    return results;
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }
}
