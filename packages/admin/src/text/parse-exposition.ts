import { SluiceError } from '@sluice/core';

/** A figure of a metric. */
export interface MetricSample {
  /** Of a histogram: the name of the metric with `_bucket`, `_sum` or `_count`. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What JSON has no number for is text: `NaN`, `+Inf`, `-Inf`. */
  readonly value: number | string;
}

export interface MetricReport {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly MetricSample[];
}

interface OpenReport extends MetricReport {
  type: string;
  help: string;
  readonly samples: MetricSample[];
}

const DESCRIPTION = /^# (?<what>HELP|TYPE) (?<name>[\w:]+) ?(?<text>.*)$/s;
const SAMPLE = /^(?<name>[\w:]+)(?:\{(?<labels>.*)\})? (?<value>\S+)(?: -?\d+)?$/s;
const LABEL = /(?<label>[a-zA-Z_]\w*)="(?<text>(?:[^"\\]|\\.)*)",?/gsy;

/** Reads the text format of Prometheus, version 0.0.4. Throws a SluiceError for a line that is not of it. */
export function parseExposition(text: string): readonly MetricReport[] {
  const reports: OpenReport[] = [];
  for (const line of text.split('\n')) {
    const description = DESCRIPTION.exec(line)?.groups;
    if (description !== undefined) describe(reports, description);
    else if (line !== '' && !line.startsWith('#')) addSample(reports, line);
  }
  return reports;
}

function describe(reports: OpenReport[], { what, name = '', text = '' }: Record<string, string>): void {
  let report = reports.at(-1);
  if (report?.name !== name) reports.push((report = { name, type: 'untyped', help: '', samples: [] }));
  if (what === 'TYPE') report.type = text;
  else report.help = unescaped(text);
}

function addSample(reports: OpenReport[], line: string): void {
  const { name, labels = '', value } = SAMPLE.exec(line)?.groups ?? {};
  if (name === undefined || value === undefined) {
    throw new SluiceError('SLUICE_EXPOSITION', `Not a line of the text format: ${line.slice(0, 200)}`);
  }
  let report = reports.at(-1);
  if (report === undefined || !name.startsWith(report.name)) {
    reports.push((report = { name, type: 'untyped', help: '', samples: [] }));
  }
  const number = Number(value);
  report.samples.push({ name, labels: labelsOf(labels), value: Number.isFinite(number) ? number : value });
}

function labelsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(LABEL)].map(({ groups }) => [
      groups?.['label'] ?? '',
      unescaped(groups?.['text'] ?? ''),
    ]),
  );
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gs, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}
