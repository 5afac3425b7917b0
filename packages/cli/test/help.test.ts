import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../src/command-line/command-line.ts';
import type { Command } from '../src/command-line/command-line.ts';
import { helpFor, usageOf } from '../src/command-line/help.ts';
import { SLUICE } from '../src/program/program.ts';
import type { Program } from '../src/program/program.ts';

const COMMANDS: readonly Command[] = ['demo', 'proxy', 'run', 'check', 'explain'];

const DEMO: Program = { name: 'demo.js', demoOrigins: () => [] };

describe('the help of a command', () => {
  it('has the options that it takes, and those alone', () => {
    expect(optionsOf(helpFor('check', SLUICE))).toEqual(['--config', '--help']);
    expect(optionsOf(helpFor('run', SLUICE))).toEqual([
      '--workers',
      '--drain-timeout-ms',
      '--config',
      '--help',
    ]);
    expect(optionsOf(helpFor('proxy', SLUICE))).toEqual(
      expect.arrayContaining(['--to', '--tls-key', '--set']),
    );
    expect(optionsOf(helpFor('proxy', SLUICE))).not.toContain('--config');
    expect(optionsOf(helpFor('explain', SLUICE))).toEqual(
      expect.arrayContaining(['--mermaid', '--config', '--set']),
    );
  });

  it('has each option of the usage somewhere, with all its lines', () => {
    const help = COMMANDS.map((command) => helpFor(command, SLUICE)).join('\n');
    const lines = usageOf(SLUICE).split('Options:\n')[1]?.trimEnd().split('\n') ?? [];

    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) expect(help).toContain(line);
  });

  it.each(COMMANDS)('of %s names exit codes, and examples that can be parsed', (command) => {
    const help = helpFor(command, DEMO);
    const examples = [...help.matchAll(/^ {2}demo\.js(?<args>.*)$/gm)].map(
      ({ groups }) => groups?.['args'] ?? '',
    );

    expect(help).toMatch(/^Exit codes:\n {2}0/m);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const args = example.replace(/ >.*/, '').split(' ').filter(Boolean);
      expect(parseCommandLine(args, DEMO).command).toBe(command);
    }
  });

  it('is what --help behind a command asks for; without one it is the usage', () => {
    expect(parseCommandLine(['check', '--help'])).toMatchObject({ command: 'check', help: 'command' });
    expect(parseCommandLine(['--help'])).toMatchObject({ help: 'usage' });
    expect(parseCommandLine([], DEMO)).toMatchObject({ command: 'demo', help: undefined });
  });

  it('knows the command demo in a program that has origins for it alone', () => {
    expect(usageOf(DEMO)).toContain('  demo.js  ');
    expect(usageOf(SLUICE)).not.toContain('demo');
    expect(() => parseCommandLine(['demo'])).toThrow('There is no command "demo".');
    expect(() => parseCommandLine([])).toThrow('Which command? There are proxy, run, check, explain.');
  });
});

function optionsOf(help: string): readonly string[] {
  return [...help.matchAll(/^ {2}(?<option>--[\w-]+)/gm)].map(({ groups }) => groups?.['option'] ?? '');
}
