import { injectedOptions, optionRange } from '@sluice/inject';
import type { OptionRange } from '@sluice/inject';
import type { Newable } from 'inversify';
import { z } from 'zod';

/** An options class may say more of what it takes than its defaults show: `static readonly schema = z.strictObject({ … })`. */
interface WithSchema {
  readonly schema?: unknown;
}

/** What can be set of the options that a handler or filter injects: all that a file can hold, none of it required. */
export function optionSchema(type: Newable): z.ZodObject {
  return optionSchemaOf(injectedOptions(type));
}

function optionSchemaOf(classes: readonly Newable[]): z.ZodObject {
  const shape: Record<string, z.ZodType> = {};
  for (const each of classes) Object.assign(shape, shapeOf(each));
  return z.strictObject(shape);
}

function shapeOf(type: Newable): Readonly<Record<string, z.ZodType>> {
  const { schema } = type as WithSchema;
  if (schema instanceof z.ZodObject) return schema.partial().shape;
  const defaults = Object.entries(new type() as Record<string, unknown>);
  return Object.fromEntries(
    defaults.flatMap(([name, byDefault]) => {
      const option = schemaLike(byDefault, name, optionRange(type, name));
      return option ? [[name, option.optional().meta({ description: describe(byDefault) })]] : [];
    }),
  );
}

/** Functions and objects of classes can't stand in a file. */
function schemaLike(byDefault: unknown, name: string, range?: OptionRange): z.ZodType | undefined {
  if (typeof byDefault === 'boolean') return z.boolean();
  if (typeof byDefault === 'string') return z.string();
  if (typeof byDefault === 'number') {
    const number = name.startsWith('max') ? z.int() : z.number();
    if (range === undefined) return number;
    const atLeast = number.min(range.least);
    return range.most === undefined ? atLeast : atLeast.max(range.most);
  }
  return Array.isArray(byDefault) ? z.array(z.string()) : undefined;
}

function describe(byDefault: unknown): string {
  return `Default: ${JSON.stringify(byDefault)}.`;
}

/** Each of the options classes that has one of these values, with the values in the place of its own. */
export function boundOptions(
  type: Newable,
  values: Readonly<Record<string, unknown>>,
  base: ReadonlyMap<Newable, object>,
): readonly (readonly [Newable, object])[] {
  return injectedOptions(type).flatMap((optionsClass) => {
    const own = base.get(optionsClass) ?? (new optionsClass() as object);
    const given = Object.entries(values).filter(([name, value]) => name in own && value !== undefined);
    return given.length === 0 ? [] : [[optionsClass, { ...own, ...Object.fromEntries(given) }] as const];
  });
}
