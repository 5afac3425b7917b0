/** Where filters take their chances from. Bind a {@link SeededRandom} in its place to have the same again. */
export class Random {
  /** From 0 up to, but not including, 1. */
  next(): number {
    return Math.random();
  }

  /** True in so many of a hundred cases. Takes no number for 0 and 100. */
  happens(percentage: number): boolean {
    return percentage >= 100 || (percentage > 0 && this.next() * 100 < percentage);
  }
}
