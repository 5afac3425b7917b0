import type { PassportQuery } from '../seam/passport-query.ts';
import type { PassportReport } from '../seam/reports.ts';
import type { PassportRecord } from './passport-record.ts';

const NS_PER_MS = 1e6;

/** Those of the records that are wanted, in their order. */
export function selectPassports(
  records: readonly PassportRecord[],
  { path = '', status, minDurationMs = 0, limit }: PassportQuery,
): readonly PassportReport[] {
  const isWanted = (record: PassportRecord): boolean =>
    (record.path ?? '').startsWith(path) && record.durationMs >= minDurationMs && hasStatus(record, status);
  return records.filter(isWanted).slice(0, limit).map(passportReport);
}

function hasStatus({ status }: PassportRecord, wanted: PassportQuery['status']): boolean {
  if (wanted === undefined) return true;
  if (status === undefined || wanted === 'none') return status === undefined && wanted === 'none';
  return status >= wanted.from && status <= wanted.to;
}

function passportReport({ passport, startNs, endNs, ...fields }: PassportRecord): PassportReport {
  return {
    startedAt: new Date(passport.startMs + startNs / NS_PER_MS).toISOString(),
    ...fields,
    states: passport.items().map(({ state, atNs }) => ({ state, atMs: (atNs - startNs) / NS_PER_MS })),
    passport: passport.toText(endNs),
  };
}
