import { AttributeKey } from '@sluice/core';

/** What the access log can't see by itself: how the request was routed and answered. All may be absent. */
export interface AccessLogFields {
  /** The id that the request is known by everywhere. Absent: its `x-request-id` field. */
  requestId?: string | undefined;
  /** The route that was taken. */
  routeName?: string | undefined;
  /** The origin that was chosen. */
  origin?: string | undefined;
  /** The server of the origin that answered or was tried last, as `192.0.2.1:8080`. */
  upstreamHost?: string | undefined;
  /** How often the request was sent to an origin, retries included. */
  upstreamAttempts?: number | undefined;
  /** From the start of the request to the head of the origin's response, in ms. */
  upstreamFirstByteMs?: number | undefined;
  /** How the exchange ended, in groups by whose fault it was. */
  statusCategory?: string | undefined;
  /** A few words on the category. */
  statusCategoryReason?: string | undefined;
  /** Where the response came from: an endpoint, or the gateway itself. */
  answeredBy?: string | undefined;
  /** Envoy's response flags, separated by commas. Absent: those that the log can tell by itself. */
  responseFlags?: string | undefined;
  /** The same with their long names. */
  responseFlagsLong?: string | undefined;
  /** What became of each filter, as `Auth[SUCCESS][3ms], Cors[SKIPPED]`. Asked for where a format has it. */
  filterExecutionSummary?: string | undefined;
  /** What made the status what it is, in Envoy's words: `via_upstream`, `route_not_found`. */
  responseCodeDetails?: string | undefined;
}

/** Of the request under way on a client's channel. Taken off with its CompleteEvent. */
export const ACCESS_LOG_FIELDS = AttributeKey.newInstance<AccessLogFields>('_access_log_fields');
