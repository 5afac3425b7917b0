import { z } from 'zod';
import { readFieldSchema } from '../shared/field-schemas.ts';
import { optionsClass } from '../shared/options-class.ts';

export const rateLimitSchema = z
  .strictObject({
    maxTokens: z.int().min(1).max(1_000_000_000).default(100).describe('Requests that may come at once.'),
    tokensPerFill: z
      .int()
      .min(1)
      .max(1_000_000_000)
      .default(100)
      .describe('Requests that may follow in each interval.'),
    fillIntervalMs: z
      .int()
      .min(50)
      .max(86_400_000)
      .default(1_000)
      .describe('The interval, in ms; tokens come back evenly within it.'),
    keyBy: z
      .enum(['client-address', 'field', 'route', 'none'])
      .default('client-address')
      .describe(
        'Who shares a bucket: an IPv4 address or IPv6 /64; a value of `keyField`; `context.routeName`; everybody. By field it is counted behind `basic-auth`, else before it.',
      ),
    keyField: readFieldSchema
      .optional()
      .describe('The field for `keyBy: field`; requests without it are counted by address.'),
    maxKeys: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(10_000)
      .describe('Buckets that are kept; a new one takes the place of the one not used for longest.'),
    policyName: z
      .string()
      .regex(/^[\w.:/-]{1,64}$/)
      .default('default')
      .describe('The name of the policy in the response.'),
    sendFields: z
      .boolean()
      .default(true)
      .describe('Whether responses carry `RateLimit` and `RateLimit-Policy`.'),
  })
  .refine(({ keyBy, keyField }) => keyBy !== 'field' || keyField !== undefined, {
    path: ['keyField'],
    error: 'must name the field when keyBy is "field"',
  });

/** Options of {@link EarlyRateLimitFilter}, {@link RateLimitFilter} and {@link RateLimitFieldsFilter}. */
export class RateLimitOptions extends optionsClass('rate-limit', rateLimitSchema) {}
