/** Below this success rate, in %, a server is an outlier: so many standard deviations under the mean. */
export function successRateCut(rates: readonly number[], stdevFactor: number): number {
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const variance = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / rates.length;
  return mean - stdevFactor * Math.sqrt(variance);
}
