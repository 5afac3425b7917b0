import { describeMachine, machineLine } from '../support/measure/machine.ts';
import type { Finding } from './finding.ts';

/** What is longer stands below the table. */
const WIDEST = 60;

/** Says what ran, when and where, and what came of it. */
export function report(command: string, seconds: number, findings: readonly Finding[]): string {
  const failed = findings.filter(({ holds }) => !holds).length;
  const rows = findings.map(({ bar, what, measured, bound, holds }) => [
    bar,
    what,
    measured.length > WIDEST ? 'see below' : measured,
    bound,
    holds ? '' : 'NOT KEPT',
  ]);
  const long = findings.filter(({ measured }) => measured.length > WIDEST);
  return [
    command,
    `${new Date().toISOString().slice(0, 10)}, ${machineLine(describeMachine())}, ${seconds.toFixed(0)} s`,
    '',
    table([['bar', 'what', 'measured', 'bound', ''], ...rows]),
    '',
    ...long.map(({ what, measured }) => `${what}:\n${measured}\n`),
    failed === 0
      ? 'All bounds are kept.'
      : `${failed} of ${findings.length} findings are not within their bounds.`,
  ].join('\n');
}

function table(rows: readonly string[][]): string {
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return rows.map((row) => line(row)).join('\n');
}
