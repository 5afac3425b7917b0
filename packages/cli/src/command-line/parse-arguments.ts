import { nearestName } from '@sluice/core';
import { parseArgs } from 'node:util';
import { optionOf, OPTIONS, optionSpec } from './option-table.ts';
import type { OptionName } from './option-table.ts';
import { UsageError } from './usage-error.ts';

type Token = ReturnType<typeof tokensOf>[number];

/** The arguments as options with their values and the rest. Throws a {@link UsageError}. */
export function parseArguments(args: readonly string[]) {
  const given = tokensOf(args).flatMap(checkedOption);
  checkOnce(given);
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  return { values, positionals, given };
}

export type Arguments = ReturnType<typeof parseArguments>;

/** Of what is wrong too, so that the message can be one of ours. */
function tokensOf(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    tokens: true,
    options: OPTIONS,
  }).tokens;
}

function checkedOption(token: Token): readonly OptionName[] {
  if (token.kind !== 'option') return [];
  const name = optionOf(token.name);
  if (name === undefined) {
    const near = nearestName(token.rawName, Object.keys(OPTIONS).map(longName));
    const hint = near === undefined || !token.rawName.startsWith('--') ? '' : ` Did you mean "${near}"?`;
    throw new UsageError(`There is no option "${token.rawName}".${hint}`);
  }
  const { type, value } = optionSpec(name);
  if (type === 'boolean' && token.value !== undefined) {
    throw new UsageError(`${token.rawName} takes no value; got "${token.value}".`);
  }
  if (type === 'string' && isMissing(token)) {
    throw new UsageError(`${token.rawName} needs a value: ${token.rawName} ${value}`);
  }
  return [name];
}

/** Of two values the first would be lost without a word. */
function checkOnce(given: readonly OptionName[]): void {
  const again = given.find((name, at) => isForOneValue(name) && given.indexOf(name) < at);
  if (again !== undefined) throw new UsageError(`${longName(again)} is there twice; it takes one value.`);
}

function isForOneValue(name: OptionName): boolean {
  const { type, multiple = false } = optionSpec(name);
  return type === 'string' && !multiple;
}

function longName(option: string): string {
  return `--${option}`;
}

/** What looks like the next option is none, unless it is joined with "=". */
function isMissing({ value, inlineValue }: Extract<Token, { kind: 'option' }>): boolean {
  return value === undefined || (!inlineValue && /^-./.test(value));
}
