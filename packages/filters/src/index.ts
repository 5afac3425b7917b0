export type { BodyPiece } from './body/body-piece.ts';
export { ClientRequestReceiver, ClientRequestReceiverOptions } from './pipeline/client-request-receiver.ts';
export { ClientResponseWriter } from './pipeline/client-response-writer.ts';
export { isStreaming } from './endpoint/endpoint.ts';
export type {
  Downstream,
  Endpoint,
  ResponseEndpoint,
  StreamingEndpoint,
  Upstream,
} from './endpoint/endpoint.ts';
export { ErrorEndpoint } from './endpoint/error-endpoint.ts';
export { FilterConcurrency } from './chain/filter-concurrency.ts';
export { FilterConcurrencyError } from './chain/filter-concurrency-error.ts';
export type { FilterConstraint, FilterConstraintClass } from './declaration/filter-constraint.ts';
export { destroyFilter } from './declaration/destroy-filter.ts';
export { FilterEntry } from './declaration/filter-entry.ts';
export type { FilterError } from './chain/filter-error.ts';
export { FILTER_LISTENER } from './chain/filter-listener.ts';
export type { FilterIdentity, FilterListener } from './chain/filter-listener.ts';
export { FilterMetrics } from './chain/filter-metrics.ts';
export type { FilterMetricsOptions } from './chain/filter-metrics.ts';
export { FilterOrderError, sortFilters } from './declaration/filter-order.ts';
export { FilterRegistry } from './declaration/filter-registry.ts';
export type { FilterRegistryOptions } from './declaration/filter-registry.ts';
export { resolveFilters } from './declaration/filter-set.ts';
export type { FilterSet, FilterSetOptions } from './declaration/filter-set.ts';
export { FilterSetError } from './declaration/filter-set-error.ts';
export { FINAL_STATUSES } from './chain/filter-status.ts';
export type { FilterExecution, FilterStatus, FinalFilterStatus } from './chain/filter-status.ts';
export type { FilterResult, Subscribable } from './chain/filter-result.ts';
export { FilterTimeoutError } from './chain/filter-timeout-error.ts';
export { Filter, filterOptions, isFilterClass } from './declaration/filter.ts';
export type {
  ChainFilter,
  Destroyable,
  EndpointClass,
  FilterClass,
  FilterKind,
  FilterOptions,
  InboundFilter,
  OutboundFilter,
} from './declaration/filter.ts';
export { HttpMessage } from './message/http-message.ts';
export { HttpRequestMessage } from './message/http-request-message.ts';
export { HttpResponseMessage } from './message/http-response-message.ts';
export type { LocalResponse } from './message/http-response-message.ts';
export { HttpStatusError } from './error/http-status-error.ts';
export type { HttpStatusErrorOptions } from './error/http-status-error.ts';
export { problemResponse } from './error/problem-response.ts';
export { problemOf } from './error/problem.ts';
export type { Problem } from './error/problem.ts';
export { RequestCancelledError } from './error/request-cancelled-error.ts';
export type { ResponseFlag } from './error/response-flags.ts';
export { ContextKey, SessionContext } from './message/session-context.ts';
export { isFailure, StatusCategory } from './error/status-category.ts';
export type { StatusCategoryName } from './error/status-category.ts';
export { ZuulFilterChainHandler, ZuulFilterChainOptions } from './pipeline/zuul-filter-chain-handler.ts';
