import type { LineUp } from './line-up.ts';
import { machineLine, type Machine } from '../support/measure/machine.ts';
import type { BenchOptions } from './options.ts';
import { YARDSTICK } from './peers/all-peers.ts';
import type { Series } from './rounds.ts';
import { byCpu, summarise, type Summary } from './statistics.ts';

/** Everything that one run knows, as it is written to the file of `--json`. */
export type BenchResult = {
  command: string;
  machine: Machine;
  lineUp: { running: { name: string; version: string }[]; leftOut: LineUp['leftOut'] };
  series: Series[];
};

const COLUMNS = [
  'peer',
  'CPU us/req',
  `x ${YARDSTICK}`,
  'req/s',
  'p50 ms',
  'p99 ms',
  'p99.9 ms',
  'max ms',
  'RSS MiB',
  'errors',
];

/** Says what was run where, before the first figure. */
export function header(options: BenchOptions, { command, machine, lineUp }: BenchResult): string {
  const { rounds, durationSeconds, connections, accessLog, ratePerSecond, isPinned } = options;
  const rate = ratePerSecond === undefined ? '' : `, ${ratePerSecond} requests/s`;
  return [
    command,
    machineLine(machine),
    `${rounds} rounds of ${durationSeconds} s, ${connections} connections${rate}, access log ${accessLog ? 'on' : 'off'}${isPinned ? ', pinned' : ''}`,
    `peers: ${lineUp.running.map(({ name, version }) => `${name} (${version})`).join(', ')}`,
    ...lineUp.leftOut.map(({ name, reason }) => `left out: ${name}: ${reason}`),
    ...(lineUp.running.length < 2
      ? ['Only one proxy ran: a figure without another beside it is not a result.']
      : []),
  ].join('\n');
}

/** Draws the table of one scenario: medians over the rounds, the cheapest proxy first. */
export function scenarioTable(title: string, series: readonly Series[]): string {
  const yardstick = series.find(({ peer }) => peer === YARDSTICK)?.rounds;
  const rows = byCpu(series.map(({ peer, rounds }) => summarise(peer, rounds, yardstick)));
  return `${title}\n${table([COLUMNS, ...rows.map((row) => cells(row))])}`;
}

/** Lists the first error of each peer that had any, since a count alone explains nothing. */
export function errorLines(series: readonly Series[]): string[] {
  return series.flatMap(({ scenario, peer, rounds }) => {
    const first = rounds.find(({ firstError }) => firstError !== undefined)?.firstError;
    return first === undefined ? [] : [`first error of ${peer} in ${scenario}: ${first}`];
  });
}

function cells(row: Summary): string[] {
  return [
    row.peer,
    decimal(row.cpuMicrosPerRequest, 1),
    decimal(row.timesYardstick, 2),
    decimal(row.requestsPerSecond, 0),
    decimal(row.p50Ms, 2),
    decimal(row.p99Ms, 2),
    decimal(row.p999Ms, 2),
    decimal(row.maxMs, 2),
    decimal(row.rssMiB, 1),
    String(row.errors),
  ];
}

function decimal(value: number, digits: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(digits);
}

/** Aligns the first column left and figures right. */
function table(rows: readonly string[][]): string {
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return rows.map((row) => line(row)).join('\n');
}
