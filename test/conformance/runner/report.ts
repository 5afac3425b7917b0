import { quote } from '../judge/quote.ts';
import type { Outcome } from './outcome.ts';

/** Bytes of each stream that a report shows. */
const SHOWN = 2_000;

/** Writes out one outcome: what broke, what was sent, what came back and what reached the origin. */
export function report(outcome: Outcome, sent: string, why: string): string {
  const { client, upstream } = outcome;
  return [
    `${outcome.failures.length > 0 ? 'FAIL' : 'ok'}  ${outcome.id}  (${outcome.category}, ${outcome.feeding})`,
    `      ${why}`,
    ...outcome.failures.map((failure) => `  - ${failure}`),
    ...outcome.notes.map((note) => `  * ${note}`),
    ...stream('sent', sent),
    ...stream(`came back (${client?.end ?? 'nothing'})`, client?.received ?? ''),
    ...upstream.flatMap(({ title, bytes }) => stream(`reached the origin on ${title}`, bytes)),
    '',
  ].join('\n');
}

function stream(title: string, bytes: string): readonly string[] {
  const lines = bytes.slice(0, SHOWN).split(/(?<=\n)/);
  const more = bytes.length > SHOWN ? [`      … ${bytes.length} bytes in all`] : [];
  return [`  ${title}:`, ...lines.map((line) => `      ${quote(line, 160)}`), ...more];
}
