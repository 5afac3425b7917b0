import type { Counter } from './counter.ts';
import type { Gauge } from './gauge.ts';
import type { Histogram } from './histogram.ts';
import type { MetricFamily } from './metric-family.ts';

/** What the gauges of several processes come to together. */
export type MetricMerge = 'sum' | 'min' | 'max';

interface Declared<Type extends string, Child> {
  readonly type: Type;
  /** In dots. */
  readonly name: string;
  readonly help: string;
  readonly family: MetricFamily<Child>;
}

export type DeclaredCounter = Declared<'counter', Counter>;

export interface DeclaredGauge extends Declared<'gauge', Gauge> {
  readonly merge: MetricMerge;
}

export interface DeclaredHistogram extends Declared<'histogram', Histogram> {
  readonly bounds: readonly number[];
}

/** A metric of a registry, with the figures that it has. */
export type DeclaredMetric = DeclaredCounter | DeclaredGauge | DeclaredHistogram;
