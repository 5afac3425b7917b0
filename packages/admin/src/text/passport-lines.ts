import type { PassportReport, PassportStateReport } from '../seam/reports.ts';

const TIME_COLUMN = 12;
const BAR_COLUMNS = 30;

/** A paragraph for each request: what it was, then its states with the time of each and a bar for what passed before it. */
export function passportLines(passports: readonly PassportReport[]): string {
  return passports.length === 0 ? 'There is no such request.\n' : passports.map(paragraph).join('\n');
}

function paragraph(report: PassportReport): string {
  const { startedAt, method, path, status, durationMs, reason, states } = report;
  const head = [
    startedAt,
    method ?? '-',
    printable(path ?? '-'),
    status ?? '-',
    `${durationMs.toFixed(3)} ms`,
    reason,
    ...details(report),
  ];
  const lines = states.map((state, at) => `${stateLine(state, states[at - 1], durationMs)}\n`);
  return `${head.join(' ')}\n${lines.join('')}`;
}

function details({
  route,
  origin,
  upstreamHost,
  upstreamAttempts,
  responseFlags,
  requestId,
}: PassportReport): string[] {
  const fields = {
    route,
    origin,
    upstream: upstreamHost,
    attempts: upstreamAttempts === 0 ? undefined : upstreamAttempts,
    flags: responseFlags,
    id: requestId,
  };
  return Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}=${printable(String(value))}`,
  );
}

function stateLine(
  { state, atMs }: PassportStateReport,
  before: PassportStateReport | undefined,
  durationMs: number,
): string {
  const passedMs = before === undefined ? 0 : atMs - Math.max(0, before.atMs);
  const part = durationMs > 0 ? Math.min(1, Math.max(0, passedMs / durationMs)) : 0;
  const bar = '='.repeat(Math.round(part * BAR_COLUMNS));
  return `${`${atMs < 0 ? '' : '+'}${atMs.toFixed(3)}`.padStart(TIME_COLUMN)}  ${state}${bar === '' ? '' : ` ${bar}`}`;
}

/** A terminal is to be told nothing by what a client has sent. */
function printable(text: string): string {
  return text.replaceAll(
    /[^\x21-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
