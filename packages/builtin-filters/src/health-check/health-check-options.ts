import { z } from 'zod';
import { optionsClass } from '../shared/options-class.ts';

export const healthCheckSchema = z.strictObject({
  path: z
    .string()
    .startsWith('/')
    .default('/healthz')
    .describe('The path that is answered, compared byte for byte, without the query.'),
});

/** Options of {@link HealthCheckFilter}. */
export class HealthCheckOptions extends optionsClass('health-check', healthCheckSchema) {}
