import type { z } from 'zod';
import type { ConfigPath } from '../source/config-path.ts';

/** What of a schema's definition is looked at here; which of it is there depends on its type. */
interface Definition {
  readonly type: string;
  readonly format?: string;
  readonly discriminator?: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly getter?: () => z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly left?: z.ZodType;
  readonly right?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly items?: readonly z.ZodType[];
  readonly rest?: z.ZodType | null;
  readonly entries?: Readonly<Record<string, string | number>>;
  readonly values?: readonly unknown[];
}

// A schema that holds itself, by getters or lazily, is as deep as anyone looks.
const MAX_WRAPPERS = 32;

/** The definition of a schema. */
export function definitionOf(schema: z.ZodType): Definition {
  return schema._zod.def;
}

/** The schema and all that it may stand for: what it wraps, and the branches of a union. The value tells some of them apart. */
export function alternatives(schema: z.ZodType, value?: unknown, depth = 0): readonly z.ZodType[] {
  if (depth > MAX_WRAPPERS) return [];
  const { innerType, in: input, getter, left, right, type } = definitionOf(schema);
  const lazy = type === 'lazy' ? getter?.() : undefined;
  const next = [innerType, input, lazy, ...branchesFor(schema, value), left, right];
  return [schema, ...next.flatMap((inner) => (inner ? alternatives(inner, value, depth + 1) : []))];
}

/** The branches of a union; of a discriminated one that which the value says, if it says one. */
function branchesFor(schema: z.ZodType, value: unknown): readonly z.ZodType[] {
  const { options = [], discriminator } = definitionOf(schema);
  const kind =
    discriminator === undefined ? undefined : (value as Record<string, unknown> | undefined)?.[discriminator];
  if (discriminator === undefined || kind === undefined) return options;
  const meant = options.filter((option) => {
    const literal = definitionOf(option).shape?.[discriminator];
    return literal !== undefined && definitionOf(literal).values?.includes(kind);
  });
  return meant.length > 0 ? meant : options;
}

/** All schemas that a value at the end of a path may be checked by; `value` is what the schema as a whole checks. */
export function schemasAt(schema: z.ZodType, path: ConfigPath, value?: unknown): readonly z.ZodType[] {
  let found = alternatives(schema, value);
  let inner = value;
  for (const step of path) {
    inner = (inner as Record<string | number, unknown> | null | undefined)?.[step];
    found = found.flatMap((each) => childrenAt(each, step)).flatMap((each) => alternatives(each, inner));
  }
  return found;
}

/** A branch of the union at the end of a path, without what wraps it. */
export function branchOf(schema: z.ZodType, path: ConfigPath, branch: number): z.ZodType | undefined {
  const union = schemasAt(schema, path).find((each) => definitionOf(each).options !== undefined);
  return union && definitionOf(union).options?.[branch];
}

/** The keys that a map at the end of a path may have. Branches that know one of the `unknown` keys were not meant. */
export function knownKeys(
  schema: z.ZodType,
  path: ConfigPath,
  value?: unknown,
  unknown: readonly string[] = [],
): readonly string[] {
  const shapes = schemasAt(schema, path, value).map((each) => definitionOf(each).shape ?? {});
  const meant = shapes.filter((shape) => !unknown.some((key) => Object.hasOwn(shape, key)));
  return [...new Set(meant.flatMap((shape) => Object.keys(shape)))];
}

function childrenAt(schema: z.ZodType, step: string | number): readonly z.ZodType[] {
  const { shape, element, valueType, items, rest } = definitionOf(schema);
  const name = String(step);
  const child = shape && Object.hasOwn(shape, name) ? shape[name] : undefined;
  const item = typeof step === 'number' ? (items?.[step] ?? rest ?? undefined) : undefined;
  return [child, element, valueType, item].filter((each) => each !== undefined && each !== null);
}
