import type { FilterClass } from '@sluice/filters';
import type { z } from 'zod';
import { BasicAuthFilter } from './basic-auth/basic-auth-filter.ts';
import { BasicAuthOptions, basicAuthSchema } from './basic-auth/basic-auth-options.ts';
import { StripUserFieldFilter } from './basic-auth/strip-user-field-filter.ts';
import { usersFault, usersFiles } from './basic-auth/user-list.ts';
import { AcceptEncodingFilter } from './compression/accept-encoding-filter.ts';
import { CompressionOptions, compressionSchema } from './compression/compression-options.ts';
import { StreamingCompressionFilter } from './compression/streaming-compression-filter.ts';
import { WholeCompressionFilter } from './compression/whole-compression-filter.ts';
import { CorsFilter } from './cors/cors-filter.ts';
import { CorsOptions, corsSchema } from './cors/cors-options.ts';
import { CorsResponseFilter } from './cors/cors-response-filter.ts';
import { FaultFilter } from './fault/fault-filter.ts';
import { FaultOptions, faultSchema } from './fault/fault-options.ts';
import { HeaderMutationOptions, headerMutationSchema } from './header-mutation/header-mutation-options.ts';
import { RequestHeaderMutationFilter } from './header-mutation/request-header-mutation-filter.ts';
import { ResponseHeaderMutationFilter } from './header-mutation/response-header-mutation-filter.ts';
import { HealthCheckFilter } from './health-check/health-check-filter.ts';
import { HealthCheckOptions, healthCheckSchema } from './health-check/health-check-options.ts';
import { IpAccessFilter } from './ip-access/ip-access-filter.ts';
import { IpAccessOptions, ipAccessSchema } from './ip-access/ip-access-options.ts';
import { MirrorFilter } from './mirror/mirror-filter.ts';
import { MirrorOptions, mirrorSchema } from './mirror/mirror-options.ts';
import { EarlyRateLimitFilter } from './rate-limit/early-rate-limit-filter.ts';
import { RateLimitFieldsFilter } from './rate-limit/rate-limit-fields-filter.ts';
import { RateLimitFilter } from './rate-limit/rate-limit-filter.ts';
import { RateLimitOptions, rateLimitSchema } from './rate-limit/rate-limit-options.ts';
import { RedirectFilter } from './redirect/redirect-filter.ts';
import { RedirectOptions, redirectSchema } from './redirect/redirect-options.ts';
import { RequestIdFilter } from './request-id/request-id-filter.ts';
import { RequestIdOptions, requestIdSchema } from './request-id/request-id-options.ts';
import { RequestIdResponseFilter } from './request-id/request-id-response-filter.ts';
import { RequestSizeLimitFilter } from './request-size-limit/request-size-limit-filter.ts';
import {
  RequestSizeLimitOptions,
  requestSizeLimitSchema,
} from './request-size-limit/request-size-limit-options.ts';
import type { OptionFault } from './shared/option-fault.ts';
import type { OptionsClass } from './shared/options-class.ts';

/** What belongs to one built-in filter: its classes work together, on the same options. */
export interface BuiltinFilter<Schema extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly filters: readonly FilterClass[];
  readonly options: OptionsClass<Schema>;
  readonly schema: Schema;
  /** The options that name an origin. */
  readonly originOptions: readonly string[];
  /** What the schema can't see of the options, such as a file that is not there. Absent: there is nothing. */
  faultOf?(options: object): OptionFault | undefined;
  /** The files that the options name. Absent: there is none. */
  filesOf?(options: object): readonly string[];
}

function builtin<Schema extends z.ZodObject>(
  name: string,
  filters: readonly FilterClass[],
  options: OptionsClass<Schema>,
  schema: Schema,
  originOptions: readonly (keyof z.input<Schema> & string)[] = [],
): BuiltinFilter {
  return { name, filters, options, schema, originOptions };
}

/** All built-in filters by name, in the order in which requests pass them. */
export const BUILTIN_FILTERS: readonly BuiltinFilter[] = [
  builtin('request-id', [RequestIdFilter, RequestIdResponseFilter], RequestIdOptions, requestIdSchema),
  builtin('ip-access', [IpAccessFilter], IpAccessOptions, ipAccessSchema),
  builtin('health-check', [HealthCheckFilter], HealthCheckOptions, healthCheckSchema),
  builtin('redirect', [RedirectFilter], RedirectOptions, redirectSchema),
  builtin('cors', [CorsFilter, CorsResponseFilter], CorsOptions, corsSchema),
  builtin(
    'rate-limit',
    [EarlyRateLimitFilter, RateLimitFilter, RateLimitFieldsFilter],
    RateLimitOptions,
    rateLimitSchema,
  ),
  {
    ...builtin('basic-auth', [StripUserFieldFilter, BasicAuthFilter], BasicAuthOptions, basicAuthSchema),
    faultOf: usersFault,
    filesOf: usersFiles,
  },
  builtin('request-size-limit', [RequestSizeLimitFilter], RequestSizeLimitOptions, requestSizeLimitSchema),
  builtin('fault', [FaultFilter], FaultOptions, faultSchema),
  builtin(
    'header-mutation',
    [RequestHeaderMutationFilter, ResponseHeaderMutationFilter],
    HeaderMutationOptions,
    headerMutationSchema,
  ),
  builtin('mirror', [MirrorFilter], MirrorOptions, mirrorSchema, ['origin']),
  builtin(
    'compression',
    [AcceptEncodingFilter, WholeCompressionFilter, StreamingCompressionFilter],
    CompressionOptions,
    compressionSchema,
  ),
];
