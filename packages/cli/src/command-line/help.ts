import type { Program } from '../program/program.ts';
import { COMMANDS, commandsOf } from './command-table.ts';
import type { CommandName } from './command-table.ts';
import { optionsOf, optionSpec } from './option-table.ts';
import type { OptionName } from './option-table.ts';

/** Where what is said of an option begins, and where it ends. */
const TEXT_COLUMN = 29;
const LAST_COLUMN = 100;

/** What a program can be asked for. */
export function usageOf(program: Program): string {
  const { name } = program;
  const commands = commandsOf(program).map((command) => entry(command, COMMANDS[command].what));
  return [
    `Usage: ${name} COMMAND [options]`,
    `Commands:\n${commands.join('\n')}`,
    `Options:\n${entry('-h, --help', 'prints this text; behind a command, its help')}\n${optionEntry('version')}`,
    `Try it:\n  ${name} proxy --to http://127.0.0.1:9000`,
  ].join('\n\n');
}

/** The help of a command: what it does, its options, examples and exit codes. */
export function helpFor(command: CommandName, { name }: Program): string {
  const { synopsis, what, examples, exits } = COMMANDS[command];
  return [
    `Usage: ${name} ${synopsis}`,
    what,
    `Options:\n${optionsOf(command).map(optionEntry).join('\n')}`,
    `Examples:\n${indented(examples.map((example) => `${name} ${example}`.trimEnd()))}`,
    `Exit codes:\n${indented(exits)}`,
  ].join('\n\n');
}

function optionEntry(name: OptionName): string {
  const { short, value, help, default: byDefault } = optionSpec(name);
  const head = `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
  return entry(head, typeof byDefault === 'string' ? `${help} (default ${byDefault})` : help);
}

/** What is too long for the left column has a line of its own. */
function entry(head: string, text: string): string {
  const left = `  ${head}`;
  const lines = wrapped(text).join(`\n${' '.repeat(TEXT_COLUMN)}`);
  if (left.length + 1 > TEXT_COLUMN) return `${left}\n${' '.repeat(TEXT_COLUMN)}${lines}`;
  return `${left.padEnd(TEXT_COLUMN)}${lines}`;
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > LAST_COLUMN - TEXT_COLUMN) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n');
}
