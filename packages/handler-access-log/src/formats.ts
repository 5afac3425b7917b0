import { compileJsonFormat, compileTextFormat } from './compile-format.ts';
import type { AccessLogFormat, JsonFormatOptions, TextFormatOptions } from './compile-format.ts';

/** The fields that the line with TABs ends in. Names in lower case. */
export interface TabFormatOptions extends Pick<TextFormatOptions, 'maxValueLength'> {
  readonly requestHeaders?: readonly string[];
  readonly responseHeaders?: readonly string[];
}

const REQUEST_HEADERS: readonly string[] = [
  'host',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'user-agent',
];
const RESPONSE_HEADERS: readonly string[] = ['server', 'via', 'content-type'];

const TAB_COLUMNS: readonly string[] = [
  '%START_TIME%',
  '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
  '%DOWNSTREAM_LOCAL_PORT%',
  '%REQ(:METHOD)%',
  '%REQ(:PATH)%',
  '%RESPONSE_CODE%',
  '%DURATION_US%',
  '%BYTES_SENT%',
  '%STREAM_ID%',
  '%BYTES_RECEIVED%',
];

const OUTCOME_COLUMNS: readonly string[] = [
  '%STATUS_CATEGORY%',
  '%RESPONSE_FLAGS%',
  '%RESPONSE_CODE_DETAILS%',
  '%ANSWERED_BY%',
];

const COMBINED =
  '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT% - - [%START_TIME(%d/%b/%Y:%H:%M:%S %z)%] ' +
  '"%REQ(:METHOD)% %REQ(:PATH)% %PROTOCOL%" %RESPONSE_CODE% %BYTES_SENT% "%REQ(REFERER)%" "%REQ(USER-AGENT)%"';

/** The keys of the default JSON line, each with the template of its value. */
export const JSON_FIELDS: Readonly<Record<string, string>> = {
  time: '%START_TIME%',
  requestId: '%STREAM_ID%',
  connectionId: '%CONNECTION_ID%',
  remoteAddress: '%DOWNSTREAM_REMOTE_ADDRESS%',
  localAddress: '%DOWNSTREAM_LOCAL_ADDRESS%',
  method: '%REQ(:METHOD)%',
  authority: '%REQ(:AUTHORITY)%',
  target: '%REQ(:PATH)%',
  protocol: '%PROTOCOL%',
  status: '%RESPONSE_CODE%',
  statusCategory: '%STATUS_CATEGORY%',
  statusCategoryReason: '%STATUS_CATEGORY_REASON%',
  responseFlags: '%RESPONSE_FLAGS%',
  responseCodeDetails: '%RESPONSE_CODE_DETAILS%',
  answeredBy: '%ANSWERED_BY%',
  reason: '%COMPLETE_REASON%',
  durationUs: '%DURATION_US%',
  requestBytes: '%BYTES_RECEIVED%',
  responseBytes: '%BYTES_SENT%',
  route: '%ROUTE_NAME%',
  origin: '%UPSTREAM_CLUSTER%',
  upstreamHost: '%UPSTREAM_HOST%',
  upstreamAttempts: '%UPSTREAM_REQUEST_ATTEMPT_COUNT%',
  userAgent: '%REQ(USER-AGENT)%',
  forwardedFor: '%REQ(X-FORWARDED-FOR)%',
};

/**
 * Time, client, local port, method, target, status, µs, response bytes, request id, request bytes,
 * then fields of the request and the response in quotes, then status category, response flags, details
 * and who answered; TABs between. Missing or 0 is `-`, but the status of a request without a response is 0.
 */
export function tabFormat({
  requestHeaders = REQUEST_HEADERS,
  responseHeaders = RESPONSE_HEADERS,
  ...options
}: TabFormatOptions = {}): AccessLogFormat {
  const columns = [
    ...TAB_COLUMNS,
    ...requestHeaders.map((name) => `"%REQ(${name})%"`),
    ...responseHeaders.map((name) => `"%RESP(${name})%"`),
    ...OUTCOME_COLUMNS,
  ];
  return compileTextFormat(columns.join('\t'), { ...options, isZeroMissing: true });
}

/** Apache's combined log format, which most tools can read. Times are in UTC. The status of a request without a response is 0. */
export function combinedFormat(options: Pick<TextFormatOptions, 'maxValueLength'> = {}): AccessLogFormat {
  return compileTextFormat(COMBINED, { ...options, isZeroMissing: true });
}

/** One JSON object a line. Default fields: {@link JSON_FIELDS}. */
export function jsonFormat(
  fields: Readonly<Record<string, string>> = JSON_FIELDS,
  options: JsonFormatOptions = {},
): AccessLogFormat {
  return compileJsonFormat(fields, options);
}
