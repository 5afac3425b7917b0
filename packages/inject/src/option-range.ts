import type { Newable } from 'inversify';

/** The least and the most that an option may be set to. */
export interface OptionRange {
  readonly least: number;
  /** Absent: there is no most. */
  readonly most?: number;
}

/** The ranges of an options class, by the names of its options. */
export type OptionRanges<Options> = Readonly<Partial<Record<keyof Options, OptionRange>>>;

/** Times, sizes and limits, by their names: none of them is below nothing. */
const NEVER_NEGATIVE = /(?:Ms|Bytes)$|^max[A-Z]/;

/**
 * The range of an option, from the `static readonly ranges` of its class; of a time, a size or a limit that has none
 * there, from 0 on; undefined for others. A file and the command line are held to it; code may do as it likes.
 */
export function optionRange(type: Newable, option: string): OptionRange | undefined {
  const { ranges } = type as { readonly ranges?: OptionRanges<Record<string, unknown>> };
  return ranges?.[option] ?? (NEVER_NEGATIVE.test(option) ? { least: 0 } : undefined);
}
