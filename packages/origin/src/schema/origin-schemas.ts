import { isReadableField } from '@sluice/codec-http';
import { LOAD_BALANCER_POLICIES, LoadBalancerOptions } from '@sluice/load-balancing';
import { z } from 'zod';
import { LOAD_BALANCER_RULES } from '../balancing/load-balancer-config.ts';
import { DNS_NAME_RULES, DNS_RULES, FILE_RULES } from '../discovery-config.ts';
import { HEALTH_CHECK_RULES, HealthCheckOptions } from '../health/health-check-options.ts';
import { OUTLIER_DETECTION_RULES, OutlierDetectionOptions } from '../health/outlier-detection-options.ts';
import { ORIGIN_OPTION_RULES, OriginOptions } from '../origin-options.ts';
import { optionsSchema, optionsSchemaWithDefaults } from './options-schema.ts';

const text = z.string().min(1);
const dnsName = optionsSchema(DNS_NAME_RULES);

/** The parts of an OriginConfig that a file can hold, by the rules that the origin itself checks. */
export const originSchemas = {
  options: optionsSchemaWithDefaults(ORIGIN_OPTION_RULES, new OriginOptions()),
  healthCheck: optionsSchemaWithDefaults(HEALTH_CHECK_RULES, new HealthCheckOptions()),
  outlierDetection: optionsSchemaWithDefaults(OUTLIER_DETECTION_RULES, new OutlierDetectionOptions()),
  loadBalancer: z.union([
    z.enum(LOAD_BALANCER_POLICIES),
    optionsSchemaWithDefaults(LOAD_BALANCER_RULES, new LoadBalancerOptions()),
  ]),
  hashPolicy: z.array(
    z.discriminatedUnion('type', [
      hashSchema('header', {
        name: text.refine(isReadableField, 'expected a field that the codec does not keep to itself'),
      }),
      hashSchema('cookie', {
        name: text,
        ttlMs: z
          .number()
          .min(0)
          .optional()
          .describe('Gives a client that has none a cookie of this age; 0: until the browser is closed.'),
        path: text.optional().describe('Of the cookie that is given. Default: /.'),
        isSecure: z.boolean().optional().describe('Whether that cookie is for https alone. Default: false.'),
      }),
      hashSchema('source-address', {}),
      hashSchema('query', { name: text }),
    ]),
  ),
  discovery: z.discriminatedUnion('type', [
    optionsSchema(DNS_RULES).extend({
      type: z.literal('dns'),
      names: z
        .array(dnsName.extend({ host: dnsName.shape.host.unwrap(), port: dnsName.shape.port.unwrap() }))
        .min(1)
        .describe('The names to look up, each with the port of its servers.'),
    }),
    optionsSchema(DNS_RULES).extend({
      type: z.literal('srv'),
      service: text.describe('The name of SRV records, as _http._tcp.example.com.'),
    }),
    optionsSchema(FILE_RULES).extend({
      type: z.literal('file'),
      path: text.describe('A file that lists the servers and is watched.'),
    }),
  ]),
};

function hashSchema<Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) {
  return z.strictObject({
    type: z.literal(type),
    ...shape,
    isTerminal: z
      .boolean()
      .optional()
      .describe('Whether the policies behind it are not looked at once it has given something.'),
  });
}
