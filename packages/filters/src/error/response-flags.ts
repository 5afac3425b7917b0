/**
 * What went wrong with an exchange, in a few letters for the access log: Envoy's response flags, as
 * far as something here can raise them, each with its long name.
 */
const RESPONSE_FLAGS = Object.freeze({
  LH: 'FailedLocalHealthCheck',
  UH: 'NoHealthyUpstream',
  UT: 'UpstreamRequestTimeout',
  LR: 'LocalReset',
  UR: 'UpstreamRemoteReset',
  UF: 'UpstreamConnectionFailure',
  UC: 'UpstreamConnectionTermination',
  UO: 'UpstreamOverflow',
  NR: 'NoRouteFound',
  DI: 'DelayInjected',
  FI: 'FaultInjected',
  RL: 'RateLimited',
  UAEX: 'UnauthorizedExternalService',
  RLSE: 'RateLimitServiceError',
  DC: 'DownstreamConnectionTermination',
  URX: 'UpstreamRetryLimitExceeded',
  SI: 'StreamIdleTimeout',
  IH: 'InvalidEnvoyRequestHeaders',
  DPE: 'DownstreamProtocolError',
  UMSDR: 'UpstreamMaxStreamDurationReached',
  RFCF: 'ResponseFromCacheFilter',
  NFCF: 'NoFilterConfigFound',
  DT: 'DurationTimeout',
  UPE: 'UpstreamProtocolError',
  NC: 'NoClusterFound',
  OM: 'OverloadManagerTerminated',
  DF: 'DnsResolutionFailed',
  DO: 'DropOverload',
  DR: 'DownstreamRemoteReset',
  UDO: 'UnconditionalDropOverload',
} as const);

export type ResponseFlag = keyof typeof RESPONSE_FLAGS;

const NAMES = Object.keys(RESPONSE_FLAGS) as ResponseFlag[];
const BITS = Object.fromEntries(NAMES.map((flag, at) => [flag, 1 << at])) as Record<ResponseFlag, number>;

/** A set of flags with one more, as the bits of a number. The empty set is 0. */
export function withResponseFlag(flags: number, flag: ResponseFlag): number {
  return flags | BITS[flag];
}

/** The flags of a set, in the order of Envoy's table, separated by commas; undefined for none. */
export function formatResponseFlags(flags: number): string | undefined {
  return flags === 0 ? undefined : flagsOf(flags).join(',');
}

/** As {@link formatResponseFlags}, with the long names. */
export function formatResponseFlagsLong(flags: number): string | undefined {
  return flags === 0
    ? undefined
    : flagsOf(flags)
        .map((flag) => RESPONSE_FLAGS[flag])
        .join(',');
}

/** The flag and the words of the access log that belong to an error type of RFC 9209 §2.3. */
interface ErrorTypeWords {
  readonly flag: ResponseFlag;
  readonly details: string;
}

const OF_ERROR_TYPE: Readonly<Record<string, ErrorTypeWords>> = {
  dns_timeout: { flag: 'DF', details: 'dns_resolution_failure' },
  dns_error: { flag: 'DF', details: 'dns_resolution_failure' },
  destination_not_found: { flag: 'NR', details: 'route_not_found' },
  destination_unavailable: { flag: 'UH', details: 'no_healthy_upstream' },
  destination_ip_unroutable: { flag: 'UF', details: 'upstream_reset_before_response_started' },
  connection_refused: { flag: 'UF', details: 'upstream_reset_before_response_started' },
  connection_timeout: { flag: 'UF', details: 'upstream_reset_before_response_started' },
  connection_terminated: { flag: 'UC', details: 'upstream_reset_before_response_started' },
  connection_limit_reached: { flag: 'UO', details: 'upstream_reset_before_response_started' },
  http_response_timeout: { flag: 'UT', details: 'upstream_response_timeout' },
  http_response_incomplete: { flag: 'UC', details: 'upstream_reset_after_response_started' },
  http_protocol_error: { flag: 'UPE', details: 'upstream_protocol_error' },
  http_upgrade_failed: { flag: 'UPE', details: 'upgrade_failed' },
};

/** What the access log says of an error of this type, where its thrower says nothing else. */
export function wordsOfErrorType(type: string): ErrorTypeWords | undefined {
  return Object.hasOwn(OF_ERROR_TYPE, type) ? OF_ERROR_TYPE[type] : undefined;
}

function flagsOf(flags: number): ResponseFlag[] {
  return NAMES.filter((flag) => (flags & BITS[flag]) !== 0);
}
