import { readFileSync } from 'node:fs';
import { bytes, listOf, shape } from './schema.ts';

/** Reads the cases that are known not to hold, as id and what is missing. */
export function loadKnownGaps(): ReadonlyMap<string, string> {
  const file: unknown = JSON.parse(readFileSync(new URL('../known-gaps.json', import.meta.url), 'utf8'));
  const gaps = listOf(shape({ id: bytes, reason: bytes }, {}))(file, 'known-gaps.json');
  return new Map(gaps.map(({ id, reason }) => [id, reason]));
}
