import type { MetricsRegistry } from '@sluice/handler-metrics';
import { exposition } from '@sluice/handler-metrics/prometheus';

/** What a scrape gives for the metrics whose names begin so. */
export async function samplesOf(registry: MetricsRegistry, prefix: string): Promise<Record<string, number>> {
  const lines = (await exposition(registry)).split('\n').filter((line) => line.startsWith(prefix));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}
