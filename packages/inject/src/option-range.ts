import type { Newable } from 'inversify';

/** The least and the most that an option may be set to. */
export interface OptionRange {
  readonly least: number;
  readonly most: number;
}

/** The ranges of an options class, by the names of its options. */
export type OptionRanges<Options> = Readonly<Partial<Record<keyof Options, OptionRange>>>;

/**
 * The range of an option, from the `static readonly ranges` of its class; undefined when it has none. A file and the
 * command line are held to it; code may do as it likes.
 */
export function optionRange(type: Newable, option: string): OptionRange | undefined {
  const { ranges } = type as { readonly ranges?: OptionRanges<Record<string, unknown>> };
  return ranges?.[option];
}
