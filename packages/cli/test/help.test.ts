import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../src/command-line/command-line.ts';
import { COMMANDS, commandsOf } from '../src/command-line/command-table.ts';
import type { CommandName } from '../src/command-line/command-table.ts';
import { helpFor, usageOf } from '../src/command-line/help.ts';
import { OPTIONS, optionSpec } from '../src/command-line/option-table.ts';
import type { OptionName } from '../src/command-line/option-table.ts';
import { SLUICE } from '../src/program/program.ts';
import type { Program } from '../src/program/program.ts';

const DEMO: Program = { name: 'demo.js', demoOrigins: () => [] };
const NAMES = Object.keys(COMMANDS) as readonly CommandName[];

describe('the usage', () => {
  it('has every command with what it does', () => {
    expect(NAMES.length).toBeGreaterThan(5);
    for (const name of NAMES) expect(usageOf(DEMO)).toMatch(new RegExp(`^ {2}${name} +[A-Z].*`, 'm'));
  });

  it('has the command demo in a program that has origins for it alone', () => {
    expect(commandsOf(SLUICE)).not.toContain('demo');
    expect(usageOf(SLUICE)).not.toContain('demo');
  });
});

describe('the help of a command', () => {
  it('has the options that it takes, and those alone', () => {
    expect(optionsIn(helpFor('check', SLUICE))).toEqual(['--config', '--help']);
    expect(optionsIn(helpFor('init', SLUICE))).toEqual(['--help']);
    expect(optionsIn(helpFor('run', SLUICE))).toEqual([
      '--config',
      '--workers',
      '--worker-accept',
      '--drain-timeout-ms',
      '--hung-timeout-ms',
      '--help',
    ]);
    expect(optionsIn(helpFor('proxy', SLUICE))).not.toContain('--config');
    expect(optionsIn(helpFor('explain', SLUICE))).toEqual(
      expect.arrayContaining(['--to', '--mermaid', '--config', '--request', '--header', '--set']),
    );
  });

  it('says every word of each option somewhere, in lines that fit a terminal', () => {
    const all = NAMES.map((name) => helpFor(name, SLUICE)).join('\n');
    const options = Object.keys(OPTIONS) as readonly OptionName[];

    expect(all.split('\n').filter((line) => line.length > 100)).toEqual([]);
    for (const option of options.filter((name) => name !== 'version')) {
      expect(all.replaceAll(/\s+/g, ' ')).toContain(optionSpec(option).help);
    }
  });

  it.each(NAMES)('of %s names exit codes, and examples that can be parsed', (command) => {
    const help = helpFor(command, DEMO);
    const examples = [...help.matchAll(/^ {2}demo\.js(?<args>.*)$/gm)].map(
      ({ groups }) => groups?.['args'] ?? '',
    );

    expect(help).toMatch(/^Exit codes:\n {2}0/m);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const args = [...example.replace(/ > .*/, '').matchAll(/'([^']*)'|\S+/g)];
      expect(
        parseCommandLine(
          args.map(([word, quoted]) => quoted ?? word),
          DEMO,
        ).command,
      ).toBe(command);
    }
  });
});

function optionsIn(help: string): readonly string[] {
  return [...help.matchAll(/^ {2}(?:-\w, )?(?<option>--[\w-]+)/gm)].map(
    ({ groups }) => groups?.['option'] ?? '',
  );
}
