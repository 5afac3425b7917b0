import { handlerOptions } from '@sluice/inject';
import type { HandlerClass } from '@sluice/inject';
import type { Newable } from 'inversify';
import { z } from 'zod';
import type { ComponentRegistry } from './component-registry.ts';
import { optionSchema } from './option-schema.ts';

type OptionValues = Readonly<Record<string, unknown>>;

/** A handler or filter of a list: its name, or its name with options. */
export type ListEntry = string | { readonly name: string; readonly options?: OptionValues | undefined };

export function entryName(entry: ListEntry): string {
  return typeof entry === 'string' ? entry : entry.name;
}

/** What a configuration says of a handler list. */
export interface HandlerListConfig {
  readonly handlers?: readonly ListEntry[] | undefined;
  readonly without: readonly string[];
  readonly handlerOptions: Readonly<Record<string, OptionValues | undefined>>;
}

/** What all handler lists of a configuration share. */
export interface HandlerSchemas {
  readonly name: z.ZodType<string>;
  readonly entry: z.ZodType<ListEntry>;
  readonly options: z.ZodType<Record<string, Record<string, unknown> | undefined>>;
}

export function handlerSchemas({ handlers }: ComponentRegistry): HandlerSchemas {
  const name = nameSchema([...handlers.keys()], 'The name of a handler.');
  const options = new Map([...handlers].map(([key, type]) => [key, optionSchema(type as Newable)]));
  return {
    name,
    entry: entrySchema(name, options),
    options: z
      .strictObject(Object.fromEntries([...options].map(([key, schema]) => [key, schema.optional()])))
      .meta({ open: true }),
  };
}

/** The keys of whatever has a handler list. */
export function handlerListShape({ name, entry, options }: HandlerSchemas, list: readonly HandlerClass[]) {
  const standard = list.map((handler) => handlerOptions(handler).name).join(', ');
  return {
    handlers: z
      .array(entry)
      .optional()
      .meta({ description: `The handlers, head first. Default: ${standard}.` }),
    without: z.array(name).default([]).meta({ description: 'Handlers to leave out of the list.' }),
    handlerOptions: options
      .prefault({})
      .meta({ description: 'Options of handlers, by the name of the handler.' }),
  };
}

/** A list of filters, with what each of them takes. */
export function filterListSchema({ filters }: ComponentRegistry) {
  const name = nameSchema([...filters.keys()], 'The name of a filter.');
  const options = new Map(
    [...filters].map(([key, { schema, filters: classes }]) => [
      key,
      schema ?? mergeSchemas(classes.map((type) => optionSchema(type as Newable))),
    ]),
  );
  return z
    .array(entrySchema(name, options))
    .default([])
    .meta({ description: 'Filters beside those of the routing, in the order in which they run.' });
}

/** Plugins bring names that no published schema knows; so editors only propose these. */
function nameSchema(names: readonly string[], description: string): z.ZodType<string> {
  return z.enum(names as [string, ...string[]]).meta({ description, open: true });
}

function entrySchema(
  name: z.ZodType<string>,
  options: ReadonlyMap<string, z.ZodObject>,
): z.ZodType<ListEntry> {
  const withOptions = [...options].map(([key, schema]) =>
    z.strictObject({ name: z.literal(key), options: schema.optional() }),
  );
  const [first, ...rest] = withOptions;
  if (first === undefined) return name;
  return z.union([name, z.discriminatedUnion('name', [first, ...rest]).meta({ open: true })]);
}

function mergeSchemas(schemas: readonly z.ZodObject[]): z.ZodObject {
  return z.strictObject(Object.assign({}, ...schemas.map(({ shape }) => shape)) as z.core.$ZodLooseShape);
}
