import { z } from 'zod';
import { optionsClass } from '../shared/options-class.ts';

export const requestSizeLimitSchema = z.strictObject({
  maxBodyBytes: z
    .int()
    .min(0)
    .default(10 * 1024 * 1024)
    .describe('The largest body of a request, in bytes. Above: 413.'),
});

/** Options of {@link RequestSizeLimitFilter}. */
export class RequestSizeLimitOptions extends optionsClass('request-size-limit', requestSizeLimitSchema) {}
