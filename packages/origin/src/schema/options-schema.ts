import { z } from 'zod';
import type { OptionRule, OptionRules } from '../checked-options.ts';

type OptionalShape<T> = { readonly [K in keyof T]-?: z.ZodOptional<z.ZodType<T[K]>> };
type DefaultShape<T> = { readonly [K in keyof T]-?: z.ZodDefault<z.ZodType<T[K]>> };

/** What the rules of an options class let through, each of them or none. */
export function optionsSchema<T extends object>(
  rules: OptionRules<T>,
): z.ZodObject<OptionalShape<T>, z.core.$strict> {
  const shape = Object.entries<OptionRule>(rules).map(([name, rule]) => [name, schemaOf(rule).optional()]);
  return z.strictObject(Object.fromEntries(shape) as OptionalShape<T>);
}

/** The same with the defaults of the class. */
export function optionsSchemaWithDefaults<T extends object>(
  rules: OptionRules<T>,
  defaults: T,
): z.ZodObject<DefaultShape<T>, z.core.$strict> {
  const shape = Object.entries<OptionRule>(rules).map(([name, rule]) => {
    const byDefault: unknown = defaults[name as keyof T];
    // An empty text or list stands for nothing, and is for nobody to write.
    const isNothing = (typeof byDefault === 'string' || Array.isArray(byDefault)) && byDefault.length === 0;
    return [name, isNothing ? schemaOf(rule).optional() : schemaOf(rule).default(byDefault)];
  });
  return z.strictObject(Object.fromEntries(shape) as DefaultShape<T>);
}

function schemaOf(rule: OptionRule): z.ZodType {
  if (rule === 'boolean') return z.boolean();
  if (rule === 'text') return z.string().min(1);
  if (rule === 'statuses') return statusesSchema;
  if (!('least' in rule)) return z.enum(rule as readonly [string, ...string[]]);
  const { least, most, isWhole = false } = rule;
  const number = (isWhole ? z.int() : z.number()).min(least);
  return most === undefined ? number : number.max(most);
}

const status = z.int().min(100).max(599);

const statusesSchema = z
  .array(
    z.union([
      status,
      z
        .tuple([status, status])
        .refine(([from, to]) => from <= to, 'expected the lower status of a range before the higher one'),
    ]),
  )
  .min(1);
