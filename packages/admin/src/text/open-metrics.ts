export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

const DESCRIPTION = /^# (?<what>HELP|TYPE) (?<name>[\w:]+) (?<text>.*)$/s;
const COUNTER_SUFFIX = '_total';

/**
 * The text format of Prometheus as OpenMetrics 1.0: a counter is named without its `_total`, which
 * its samples have; quotes in a help text are escaped; no line is empty; an end is marked.
 */
export function toOpenMetrics(exposition: string): string {
  const lines = exposition.split('\n').filter((line) => line !== '');
  const counters = new Set(lines.flatMap((line) => counterOf(line) ?? []));
  return `${lines.map((line) => descriptionLine(line, counters)).join('\n')}\n# EOF\n`;
}

function counterOf(line: string): string | undefined {
  const { what, name, text } = DESCRIPTION.exec(line)?.groups ?? {};
  return what === 'TYPE' && text === 'counter' ? name : undefined;
}

function descriptionLine(line: string, counters: ReadonlySet<string>): string {
  const { what, name = '', text = '' } = DESCRIPTION.exec(line)?.groups ?? {};
  if (what === undefined) return line;
  const isCounter = counters.has(name);
  const family = isCounter && name.endsWith(COUNTER_SUFFIX) ? name.slice(0, -COUNTER_SUFFIX.length) : name;
  if (what === 'HELP') return `# HELP ${family} ${text.replaceAll('"', String.raw`\"`)}`;
  // A counter has samples that end so, or is none (OpenMetrics, "Counter"); `untyped` is called `unknown`.
  const type = text === 'untyped' || (isCounter && family === name) ? 'unknown' : text;
  return `# TYPE ${family} ${type}`;
}

/** Whether a scraper would rather have OpenMetrics (RFC 9110 §12.5.1). */
export function prefersOpenMetrics(accept = ''): boolean {
  const weights = new Map<string, number>();
  for (const range of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    weights.set(type, Math.max(Number(weight) || 0, weights.get(type) ?? 0));
  }
  const wanted = weights.get('application/openmetrics-text') ?? 0;
  return wanted > 0 && wanted >= (weights.get('text/plain') ?? 0);
}
