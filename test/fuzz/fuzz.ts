import fc from 'fast-check';
import { expect } from 'vitest';

// What every run in CI tries again: the same inputs, so that a failure is the change's and no chance.
const SEEDS = [20_260_801, 7, 4_242] as const;

/** Runs a property for the fixed seeds, or with SLUICE_FUZZ_RUNS for as many runs with a seed that is printed when it fails. */
export async function fuzz<T>(
  arbitrary: fc.Arbitrary<T>,
  holds: (value: T) => void | Promise<void>,
  runs = 60,
): Promise<void> {
  const property = fc.asyncProperty(arbitrary, async (value) => {
    await holds(value);
  });
  const wanted = Number(process.env['SLUICE_FUZZ_RUNS'] ?? 0);
  expect(Number.isInteger(wanted) && wanted >= 0).toBe(true);
  if (wanted > 0) await fc.assert(property, { numRuns: wanted });
  else for (const seed of SEEDS) await fc.assert(property, { seed, numRuns: runs });
}

/** Cuts a text at places chosen by numbers. */
export function cutAt(text: string, places: readonly number[]): readonly string[] {
  const cuts = [...new Set(places.map((place) => place % (text.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...cuts].map((from, at) => text.slice(from, cuts[at])).filter((piece) => piece !== '');
}

export const PLACES = fc.array(fc.nat(), { maxLength: 8 });

/** What parsers have stumbled over. */
const HOSTILE = [
  '\r',
  '\n',
  '\0',
  ' ',
  '\t',
  ':',
  ',',
  ';',
  '"',
  '\u000b',
  '\u0080',
  '\u00a0',
  '\r\n',
  '\r\n\r\n',
  '\n\n',
  '0',
  '-1',
  '+1',
  '0x',
  'a',
  '; x="',
  '0\r\n\r\n',
  'chunked',
  ', chunked',
  'identity',
  'HTTP/1.0',
  'HTTP/2.0',
  'Content-Length: 5\r\n',
  'Content-Length: 0\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: gzip\r\n',
  'Connection: close, content-length\r\n',
  'Upgrade: websocket\r\nConnection: upgrade\r\n',
  'Expect: 100-continue\r\n',
  'GET /smuggled HTTP/1.1\r\nHost: o.test\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled',
] as const;

/** A place in a text and what happens to it there. */
const MUTATION = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('insert', 'replace', 'delete', 'repeat'),
  text: fc.constantFrom(...HOSTILE),
});
type Mutation = typeof MUTATION extends fc.Arbitrary<infer T> ? T : never;

export const MUTATIONS = fc.array(MUTATION, { minLength: 1, maxLength: 3 });

export function mutate(text: string, mutations: readonly Mutation[]): string {
  return mutations.reduce((before, { at: place, kind, text: hostile }) => {
    const at = place % (before.length + 1);
    const [head, tail] = [before.slice(0, at), before.slice(at)];
    if (kind === 'insert') return head + hostile + tail;
    if (kind === 'replace') return head + hostile + tail.slice(hostile.length);
    if (kind === 'delete') return head + tail.slice(1 + (place % 5));
    return head + tail.slice(0, 20) + tail;
  }, text);
}
