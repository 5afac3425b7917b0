import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { COMMANDS } from '../../packages/cli/src/command-line/command-table.ts';
import { OPTIONS } from '../../packages/cli/src/command-line/option-table.ts';

const page = readFileSync('docs/command-line.md', 'utf8');
const run = promisify(execFile);

it('names every command and every option', () => {
  for (const command of Object.keys(COMMANDS)) expect(page).toContain(`\`${command}\``);
  for (const option of Object.keys(OPTIONS).filter((name) => name !== 'version')) {
    expect(page).toMatch(new RegExp(`\`--${option}\\b`));
  }
});

it('names no option that is not there', () => {
  const named = [...page.matchAll(/(?<=[`\s])--(?<name>[a-z][\w-]*)/g)].map(({ groups }) => groups?.['name']);

  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => name === undefined || !(name in OPTIONS))).toEqual([]);
});

it('shows what explain prints', async () => {
  const shown = [...page.matchAll(/^\$ npx sluice (?<args>.*)\n(?<output>[^]*?)```$/gm)];

  expect(shown).toHaveLength(1);
  for (const { groups: { args = '', output } = {} } of shown) {
    const words = [...args.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
    const { stdout } = await run('packages/cli/bin/sluice.js', words);
    expect(output).toBe(stdout);
  }
});
