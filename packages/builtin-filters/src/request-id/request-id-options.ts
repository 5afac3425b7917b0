import { z } from 'zod';
import { settableRequestFieldSchema } from '../shared/field-schemas.ts';
import { optionsClass } from '../shared/options-class.ts';

export const requestIdSchema = z.strictObject({
  field: settableRequestFieldSchema.default('x-request-id').describe('The field that carries the id.'),
  format: z.enum(['v4', 'v7']).default('v4').describe('UUID of RFC 9562: random, or sorted by time.'),
  trustIncoming: z
    .boolean()
    .default(false)
    .describe("Keeps a client's id of up to 128 letters, digits and `._~+/=:@-`; else it is replaced."),
  responseField: z.boolean().default(true).describe('Whether the response tells the id.'),
});

/** Options of {@link RequestIdFilter} and {@link RequestIdResponseFilter}. */
export class RequestIdOptions extends optionsClass('request-id', requestIdSchema) {}
