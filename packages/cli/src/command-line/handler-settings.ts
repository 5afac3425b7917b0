import { nearest } from '@sluice/core';
import { describeHandler, handlerOptions, optionRange } from '@sluice/inject';
import type { HandlerClass } from '@sluice/inject';
import type { Newable } from 'inversify';
import { UsageError } from './usage-error.ts';

/** Options of handlers by their class, with what was set in place of the defaults. */
export type HandlerOptionValues = ReadonlyMap<Newable, object>;

/** The list without the handlers of these names. Throws a {@link UsageError} for a name that none has. */
export function withoutHandlers(
  list: readonly HandlerClass[],
  names: readonly string[],
  known: readonly HandlerClass[],
): readonly HandlerClass[] {
  for (const name of names) requireHandler(name, known);
  return list.filter((handler) => !names.includes(handlerOptions(handler).name));
}

/** Reads `handler.option=value`, once or more. Throws a {@link UsageError} that names what is near. */
export function parseHandlerOptions(
  settings: readonly string[],
  handlers: readonly HandlerClass[],
): HandlerOptionValues {
  const values = new Map<Newable, Record<string, unknown>>();
  for (const setting of settings) {
    const [, name = '', option = '', text = ''] = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(setting) ?? [];
    if (name === '') throw new UsageError(`--set takes HANDLER.OPTION=VALUE; got "${setting}".`);
    const type = optionsClassOf(requireHandler(name, handlers), option);
    const defaults = new type() as Record<string, unknown>;
    const changed = values.get(type) ?? { ...defaults };
    changed[option] = parseValue(text, defaults[option], setting);
    requireInRange(type, option, changed[option], setting);
    values.set(type, changed);
  }
  return values;
}

function requireInRange(type: Newable, option: string, value: unknown, setting: string): void {
  const range = optionRange(type, option);
  if (range === undefined || typeof value !== 'number') return;
  const { least, most = Infinity } = range;
  if (value >= least && value <= most) return;
  const expected = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new UsageError(`--set ${setting}: expected a number ${expected}.`);
}

function requireHandler(name: string, handlers: readonly HandlerClass[]): HandlerClass {
  const handler = handlers.find((candidate) => handlerOptions(candidate).name === name);
  if (handler) return handler;
  const names = handlers.map((candidate) => handlerOptions(candidate).name);
  throw new UsageError(`There is no handler "${name}".${nearest(name, names)}`);
}

function optionsClassOf(handler: HandlerClass, option: string): Newable {
  const { optionsClasses, options } = describeHandler(handler);
  const type = optionsClasses.find((candidate) => option in (new candidate() as object));
  if (type) return type;
  const { name } = handlerOptions(handler);
  throw new UsageError(`"${name}" has no option "${option}".${nearest(option, Object.keys(options))}`);
}

/** A value of the type that the default has. */
function parseValue(text: string, byDefault: unknown, setting: string): unknown {
  if (typeof byDefault === 'string') return text;
  if (typeof byDefault === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (typeof byDefault === 'number' && text.trim() !== '' && Number.isFinite(Number(text)))
    return Number(text);
  throw new UsageError(`--set ${setting}: expected a ${typeof byDefault}.`);
}
