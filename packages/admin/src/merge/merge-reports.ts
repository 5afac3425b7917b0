import type { PassportQuery } from '../seam/passport-query.ts';
import type { FilterReport, ListenerReport, ListenersReport, PassportReport } from '../seam/reports.ts';
import { groupBy, sumOf } from './group-by.ts';

/** What several processes say of the listeners that they share: connections are added up, and it listens where all do. */
export function mergeListeners(reports: readonly ListenersReport[]): ListenersReport {
  const listeners = groupBy(
    reports.flatMap((report) => report.listeners),
    ({ name, address }) => `${name} ${address}`,
  );
  return {
    listeners: listeners.map(mergeListener),
    originHandlers: reports[0]?.originHandlers ?? [],
  };
}

/** A filter is on where all have it on. */
export function mergeFilters(reports: readonly (readonly FilterReport[])[]): readonly FilterReport[] {
  return groupBy(reports.flat(), ({ name }) => name).map(mergeFilter);
}

/** The latest or the slowest of all that several processes have. */
export function mergePassports(
  reports: readonly (readonly PassportReport[])[],
  { order, limit }: Pick<PassportQuery, 'order' | 'limit'>,
): readonly PassportReport[] {
  const endedAt = ({ startedAt, durationMs }: PassportReport): number => Date.parse(startedAt) + durationMs;
  const keyOf = order === 'slowest' ? (report: PassportReport) => report.durationMs : endedAt;
  return reports
    .flat()
    .toSorted((a, b) => keyOf(b) - keyOf(a))
    .slice(0, limit);
}

function mergeListener(all: readonly [ListenerReport, ...ListenerReport[]]): ListenerReport {
  return {
    ...all[0],
    isListening: all.every(({ isListening }) => isListening),
    connections: sumOf(all, ({ connections }) => connections),
  };
}

function mergeFilter(all: readonly [FilterReport, ...FilterReport[]]): FilterReport {
  return { ...all[0], isEnabled: all.every(({ isEnabled }) => isEnabled) };
}
