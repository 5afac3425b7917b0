/** A straight line through points, by least squares, with the range that its slope is in. */
export type Line = {
  slope: number;
  /** Ends of the interval that holds the slope with 95 % when the errors are independent; NaN of less than 3 points. */
  low: number;
  high: number;
  /** Mean of the values. */
  mean: number;
};

/** Fits a line through the points (x, y). */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): Line {
  const count = points.length;
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const spread = sum(points.map(([x]) => (x - meanX) ** 2));
  const slope = sum(points.map(([x, y]) => (x - meanX) * (y - meanY))) / spread;
  const residue = sum(points.map(([x, y]) => (y - meanY - slope * (x - meanX)) ** 2));
  const error = Math.sqrt(residue / (count - 2) / spread);
  const reach = count > 2 ? studentT(count - 2) * error : Number.NaN;
  return { slope, low: slope - reach, high: slope + reach, mean: meanY };
}

/** Where the series of `studentT` is too far off. */
const FEW_DEGREES = [Number.NaN, 12.706, 4.303, 3.182];

/** The 97.5 % quantile of Student's t, within 0.3 % (Cornish-Fisher). */
export function studentT(degrees: number): number {
  const few = FEW_DEGREES[degrees];
  if (few !== undefined) return few;
  const z = 1.959964;
  const first = (z ** 3 + z) / (4 * degrees);
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2);
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * degrees ** 3);
  return z + first + second + third;
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
