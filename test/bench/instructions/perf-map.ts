/** A piece of compiled code of V8. */
type Code = { start: number; end: number; name: string };

/** What V8 writes for `perf` with `--perf-basic-prof`: which function the code at an address is of. */
export class PerfMap {
  readonly #codes: readonly Code[];

  /** `text`: lines of start and length, both hexadecimal, and name. Code may be put where other code was: the last counts. */
  constructor(text: string) {
    const byStart = new Map<number, Code>();
    for (const line of text.split('\n')) {
      const [start = '', length = '', ...words] = line.split(' ');
      const at = Number.parseInt(start, 16);
      const end = at + Number.parseInt(length, 16);
      if (end > at) byStart.set(at, { start: at, end, name: words.join(' ') });
    }
    this.#codes = [...byStart.values()].toSorted((a, b) => a.start - b.start);
  }

  nameAt(address: number): string | undefined {
    let [low, high] = [0, this.#codes.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#codes[middle]?.start ?? Infinity) <= address) low = middle + 1;
      else high = middle;
    }
    const code = this.#codes[low - 1];
    return code !== undefined && address < code.end ? code.name : undefined;
  }
}
