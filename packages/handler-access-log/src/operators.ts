import { hostname } from 'node:os';
import type { HttpRequest } from '@sluice/codec-http';
import { formatAddress } from '@sluice/core';
import type { SocketAddress } from '@sluice/core';
import { AccessLogFormatError } from './access-log-format-error.ts';
import type { AccessLogEntry } from './access-log-entry.ts';
import { requestField, responseField } from './field-operators.ts';
import type { LogValue } from './field-operators.ts';
import { compileTime, DEFAULT_TIME } from './log-time.ts';
import type { TemplateOperator } from './template.ts';
import { TLS_VALUES } from './tls-operators.ts';

const US_PER_MS = 1000;

const hostOf = (address: SocketAddress | undefined): string | undefined =>
  address === undefined || 'path' in address ? undefined : address.host;
const portOf = (address: SocketAddress | undefined): number | undefined =>
  address === undefined || 'path' in address ? undefined : address.port;
const textOf = (address: SocketAddress | undefined): string | undefined => address && formatAddress(address);

const VALUES: Readonly<Record<string, LogValue>> = {
  DURATION: ({ durationMs }) => Math.trunc(durationMs),
  DURATION_US: ({ durationMs }) => Math.round(durationMs * US_PER_MS),
  REQUEST_DURATION: ({ startedAt, requestEndedAt }) => between(startedAt, requestEndedAt),
  RESPONSE_DURATION: ({ fields }) => between(0, fields?.upstreamFirstByteMs),
  RESPONSE_TX_DURATION: ({ fields, durationMs }) => between(fields?.upstreamFirstByteMs, durationMs),

  PROTOCOL: ({ protocol }) => protocol,
  RESPONSE_CODE: ({ response }) => response?.status ?? 0,
  RESPONSE_CODE_DETAILS: ({ fields, request, rejection }) =>
    rejection ?? fields?.responseCodeDetails ?? request.failure?.reason,
  RESPONSE_FLAGS: ({ fields, request, reason }) =>
    fields?.responseFlags ?? flagOf(isMalformed(request), reason),
  RESPONSE_FLAGS_LONG: ({ fields, request, reason }) =>
    fields?.responseFlagsLong ?? longFlagOf(isMalformed(request), reason),
  BYTES_RECEIVED: ({ requestBytes }) => requestBytes,
  BYTES_SENT: ({ responseBytes }) => responseBytes,

  DOWNSTREAM_REMOTE_ADDRESS: ({ remote }) => textOf(remote),
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: ({ remote }) => hostOf(remote),
  DOWNSTREAM_REMOTE_PORT: ({ remote }) => portOf(remote),
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS: ({ peer }) => textOf(peer),
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT: ({ peer }) => hostOf(peer),
  DOWNSTREAM_DIRECT_REMOTE_PORT: ({ peer }) => portOf(peer),
  DOWNSTREAM_LOCAL_ADDRESS: ({ local }) => textOf(local),
  DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT: ({ local }) => hostOf(local),
  DOWNSTREAM_LOCAL_PORT: ({ local }) => portOf(local),
  ...TLS_VALUES,
  CONNECTION_ID: ({ channel }) => channel.id,
  STREAM_ID: ({ fields, headers }) => fields?.requestId ?? headers.get('x-request-id'),

  ROUTE_NAME: ({ fields }) => fields?.routeName,
  UPSTREAM_CLUSTER: ({ fields }) => fields?.origin,
  UPSTREAM_HOST: ({ fields }) => fields?.upstreamHost,
  UPSTREAM_REQUEST_ATTEMPT_COUNT: ({ fields }) => fields?.upstreamAttempts,

  COMPLETE_REASON: ({ reason }) => reason,
  STATUS_CATEGORY: ({ fields }) => fields?.statusCategory,
  STATUS_CATEGORY_REASON: ({ fields }) => fields?.statusCategoryReason,
  FILTERS: ({ fields }) => fields?.filterExecutionSummary,
  ANSWERED_BY: ({ fields, rejection }) => (rejection === undefined ? fields?.answeredBy : 'gateway'),
};

const FACTORIES: Readonly<Record<string, (argument: string | undefined) => LogValue>> = {
  START_TIME: (format) => {
    const time = compileTime(format ?? DEFAULT_TIME);
    return ({ startedEpochMs }) => time(startedEpochMs);
  },
  REQ: requestField,
  RESP: responseField,
  HOSTNAME: () => {
    const name = hostname();
    return () => name;
  },
  ENVIRONMENT: (name) => {
    const value = process.env[name ?? ''];
    return () => value;
  },
};

/** What an operator of a template stands for. Throws an AccessLogFormatError for one that there is not. */
export function operatorValue({ name, argument }: TemplateOperator): LogValue {
  const factory = Object.hasOwn(FACTORIES, name) ? FACTORIES[name] : undefined;
  if (factory !== undefined) return factory(argument);
  const value = Object.hasOwn(VALUES, name) ? VALUES[name] : undefined;
  if (value === undefined) {
    const known = [...Object.keys(FACTORIES), ...Object.keys(VALUES)].toSorted().join(', ');
    throw new AccessLogFormatError(`There is no operator %${name}%; there are ${known}.`);
  }
  if (argument !== undefined) throw new AccessLogFormatError(`The operator %${name}% takes no argument.`);
  return value;
}

function between(startMs: number | undefined, endMs: number | undefined): number | undefined {
  return startMs === undefined || endMs === undefined ? undefined : Math.trunc(endMs - startMs);
}

/** One that is slow has broken no rule of the protocol. */
function isMalformed({ failure }: HttpRequest): boolean {
  return failure !== undefined && failure.reason !== 'http1.head_timeout';
}

/** Envoy's flags for what can be told here: the client spoke nonsense (DPE), or has gone (DC). */
function flagOf(isNonsense: boolean, reason: AccessLogEntry['reason']): string | undefined {
  if (isNonsense) return 'DPE';
  return reason === 'INACTIVE' ? 'DC' : undefined;
}

function longFlagOf(isNonsense: boolean, reason: AccessLogEntry['reason']): string | undefined {
  if (isNonsense) return 'DownstreamProtocolError';
  return reason === 'INACTIVE' ? 'DownstreamConnectionTermination' : undefined;
}
