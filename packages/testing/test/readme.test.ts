import { readFileSync } from 'node:fs';
import { handlerContract } from '@sluice/testing';
import { expect, it } from 'vitest';

const README = read('../README.md');

it('shows in the README the example that runs', () => {
  expect(README).toContain(read('example.test.ts'));
});

it('has a row in the README for each rule of the contract', () => {
  const options = { bytes: ['a'] };
  const all = [
    ...handlerContract(() => ({}), options),
    ...handlerContract(() => ({ sharable: true }), options),
  ];
  const rules = new Set(all.map(({ rule }) => rule.replace(/: input \d+$/, '')));
  const rest = [...rules].filter((rule) => !/^passes on \w+ once$/.test(rule));
  const rows = [...README.matchAll(/^\| (?<rule>(?:[a-z][\w,]* ){3,}?[\w,]+) +\| /gm)].map(
    ({ groups }) => groups?.['rule'] ?? '',
  );

  expect(rest.length).toBeGreaterThan(20);
  expect(rows.toSorted()).toEqual(rest.toSorted());
});

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}
