import { z } from 'zod';
import { optionsClass } from '../shared/options-class.ts';

export const mirrorSchema = z.strictObject({
  origin: z
    .string()
    .min(1)
    .optional()
    .describe('The name of the origin that gets the copies. Default: no copies.'),
  percentage: z.number().min(0).max(100).default(100).describe('How many requests are copied.'),
  hostSuffix: z
    .string()
    .regex(/^[a-z\d.-]*$/, 'expected letters, digits, dots and hyphens')
    .default('-shadow')
    .describe('Added to the host of a copy, before the port.'),
  maxBodyBytes: z
    .int()
    .min(0)
    .max(16 * 1024 * 1024)
    .default(64 * 1024)
    .describe('The largest body that is copied, in bytes; a request with a larger one is not.'),
  maxActive: z.int().min(1).default(100).describe('Copies under way at a time; no more are made then.'),
  timeoutMs: z.int().min(1).default(15_000).describe('When a copy is given up, in ms.'),
});

/** Options of {@link MirrorFilter}. */
export class MirrorOptions extends optionsClass('mirror', mirrorSchema) {}
