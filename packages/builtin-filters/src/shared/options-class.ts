import type { z } from 'zod';
import { FilterOptionsError } from './filter-options-error.ts';

/** A class of options whose defaults and rules are those of its schema. */
export type OptionsClass<Schema extends z.ZodObject> = new (
  input?: z.input<Schema>,
) => Readonly<z.output<Schema>>;

/**
 * Makes the base of an options class from its schema, so that no default stands in two places.
 * The constructor takes what the schema takes and throws a {@link FilterOptionsError}.
 */
export function optionsClass<Schema extends z.ZodObject>(
  filter: string,
  schema: Schema,
): OptionsClass<Schema> {
  const Options = class {
    constructor(input: unknown = {}) {
      const { success, data, error } = schema.safeParse(input, { reportInput: true });
      if (!success) throw new FilterOptionsError(filter, error.issues);
      Object.assign(this, data);
    }
  };
  return Options as unknown as OptionsClass<Schema>;
}
