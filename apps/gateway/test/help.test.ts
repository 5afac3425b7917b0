import { describe, expect, it } from 'vitest';
import { parseCommandLine, USAGE } from '../src/command-line.ts';
import type { Command } from '../src/command-line.ts';
import { helpFor } from '../src/help.ts';

const COMMANDS: readonly Command[] = ['demo', 'proxy', 'run', 'check', 'explain'];

describe('the help of a command', () => {
  it('has the options that it takes, and those alone', () => {
    expect(optionsOf(helpFor('check'))).toEqual(['--config', '--help']);
    expect(optionsOf(helpFor('run'))).toEqual(['--workers', '--drain-timeout-ms', '--config', '--help']);
    expect(optionsOf(helpFor('proxy'))).toEqual(expect.arrayContaining(['--to', '--tls-key', '--set']));
    expect(optionsOf(helpFor('proxy'))).not.toContain('--config');
    expect(optionsOf(helpFor('explain'))).toEqual(expect.arrayContaining(['--mermaid', '--config', '--set']));
  });

  it('has each option of the usage somewhere, with all its lines', () => {
    const help = COMMANDS.map(helpFor).join('\n');
    const lines = USAGE.slice(USAGE.indexOf('Options:')).trim().split('\n').slice(1);

    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) expect(help).toContain(line);
  });

  it.each(COMMANDS)('of %s names exit codes, and examples that can be parsed', (command) => {
    const help = helpFor(command);
    const examples = [...help.matchAll(/^ {2}main\.js(?<args>.*)$/gm)].map(
      ({ groups }) => groups?.['args'] ?? '',
    );

    expect(help).toMatch(/^Exit codes:\n {2}0/m);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const args = example.replace(/ >.*/, '').split(' ').filter(Boolean);
      expect(parseCommandLine(args).command).toBe(command);
    }
  });

  it('is what --help behind a command asks for; without one it is the usage', () => {
    expect(parseCommandLine(['check', '--help'])).toMatchObject({ command: 'check', help: 'command' });
    expect(parseCommandLine(['--help'])).toMatchObject({ help: 'usage' });
    expect(parseCommandLine([]).help).toBeUndefined();
  });
});

function optionsOf(help: string): readonly string[] {
  return [...help.matchAll(/^ {2}(?<option>--[\w-]+)/gm)].map(({ groups }) => groups?.['option'] ?? '');
}
