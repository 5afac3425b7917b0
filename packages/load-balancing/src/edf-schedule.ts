/**
 * Serves items in turn, each as often as its weight says and as evenly as that allows: the one
 * with the earliest deadline is next, and its following deadline is 1/weight later.
 */
export class EdfSchedule {
  // A binary heap of items with the earliest deadline on top.
  readonly #heap: Uint32Array;
  readonly #deadlines: Float64Array;

  /** Items are numbers from 0. They begin at random phases, so that several schedules don't move in step. */
  constructor(weights: readonly number[], random: () => number) {
    this.#deadlines = Float64Array.from(weights, (weight) => random() / weight);
    this.#heap = Uint32Array.from(weights.keys()).toSorted((a, b) => this.#deadline(a) - this.#deadline(b));
  }

  /** The item whose turn it is. */
  get next(): number {
    return this.#heap[0] ?? 0;
  }

  /** The next item has had its turn; its next one comes by the weight that it has now. */
  advance(weight: number): void {
    const item = this.next;
    this.#deadlines[item] = this.#deadline(item) + 1 / weight;
    this.#siftDown(item);
  }

  #siftDown(item: number): void {
    const heap = this.#heap;
    const deadline = this.#deadline(item);
    let at = 0;
    for (;;) {
      const child = this.#earlierChild(at);
      const childItem = heap[child];
      if (childItem === undefined || this.#deadline(childItem) > deadline) break;
      heap[at] = childItem;
      at = child;
    }
    heap[at] = item;
  }

  #earlierChild(at: number): number {
    const left = 2 * at + 1;
    const right = left + 1;
    const rightItem = this.#heap[right];
    if (rightItem === undefined) return left;
    return this.#deadline(rightItem) < this.#deadline(this.#heap[left] ?? 0) ? right : left;
  }

  #deadline(item: number): number {
    return this.#deadlines[item] ?? Infinity;
  }
}
