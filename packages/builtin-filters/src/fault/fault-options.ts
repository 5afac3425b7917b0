import { z } from 'zod';
import { readFieldSchema } from '../shared/field-schemas.ts';
import { optionsClass } from '../shared/options-class.ts';

export const MAX_DELAY_MS = 60_000;

const percentage = z.number().min(0).max(100).default(0);

export const faultSchema = z.strictObject({
  delayPercentage: percentage.describe('How many requests are delayed.'),
  delayMs: z
    .int()
    .min(0)
    .max(MAX_DELAY_MS)
    .default(1_000)
    .describe('By how much, in ms; a minute at the most.'),
  abortPercentage: percentage.describe('How many requests are answered with an error, after their delay.'),
  abortStatus: z.int().min(400).max(599).default(503).describe('With which status.'),
  whenField: readFieldSchema.optional().describe('Only requests with this field. Default: all.'),
  whenValue: z.string().optional().describe('Only requests whose field has this value. Default: any.'),
  maxActiveDelays: z
    .int()
    .min(0)
    .default(1_000)
    .describe('Requests that are delayed at a time; others pass without a delay.'),
});

/** Options of {@link FaultFilter}. */
export class FaultOptions extends optionsClass('fault', faultSchema) {}
