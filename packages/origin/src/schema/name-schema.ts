import { z } from 'zod';

const NAME = /^\P{Cc}*$/u;

/** Whether a text may be a name of an origin or a route, which goes into logs, figures and fields. */
export function isName(text: string): boolean {
  return text !== '' && NAME.test(text);
}

/** The name of an origin or a route: any text without control characters. */
export const nameSchema = z
  .string()
  .min(1)
  .refine((text) => NAME.test(text), 'expected a name without control characters');
