export type { BodyPiece } from './body-piece.ts';
export { ClientRequestReceiver, ClientRequestReceiverOptions } from './client-request-receiver.ts';
export { ClientResponseWriter } from './client-response-writer.ts';
export { isStreaming } from './endpoint.ts';
export type { Downstream, Endpoint, ResponseEndpoint, StreamingEndpoint, Upstream } from './endpoint.ts';
export { ErrorEndpoint } from './error-endpoint.ts';
export { FilterConcurrency } from './filter-concurrency.ts';
export { FilterConcurrencyError } from './filter-concurrency-error.ts';
export type { FilterConstraint, FilterConstraintClass } from './filter-constraint.ts';
export { FilterEntry } from './filter-entry.ts';
export type { FilterError } from './filter-error.ts';
export { FILTER_LISTENER } from './filter-listener.ts';
export type { FilterIdentity, FilterListener } from './filter-listener.ts';
export { FilterMetrics } from './filter-metrics.ts';
export type { FilterMetricsOptions } from './filter-metrics.ts';
export { FilterOrderError, sortFilters } from './filter-order.ts';
export { FilterRegistry } from './filter-registry.ts';
export type { FilterRegistryOptions } from './filter-registry.ts';
export { resolveFilters } from './filter-set.ts';
export type { FilterSet, FilterSetOptions } from './filter-set.ts';
export { FilterSetError } from './filter-set-error.ts';
export { FINAL_STATUSES } from './filter-status.ts';
export type { FilterExecution, FilterStatus, FinalFilterStatus } from './filter-status.ts';
export type { FilterResult, Subscribable } from './filter-result.ts';
export { FilterTimeoutError } from './filter-timeout-error.ts';
export { Filter, filterOptions, isFilterClass } from './filter.ts';
export type {
  ChainFilter,
  Destroyable,
  EndpointClass,
  FilterClass,
  FilterKind,
  FilterOptions,
  InboundFilter,
  OutboundFilter,
} from './filter.ts';
export { HttpMessage } from './http-message.ts';
export { HttpRequestMessage } from './http-request-message.ts';
export { HttpResponseMessage } from './http-response-message.ts';
export type { LocalResponse } from './http-response-message.ts';
export { HttpStatusError } from './http-status-error.ts';
export type { HttpStatusErrorOptions } from './http-status-error.ts';
export { problemResponse } from './problem-response.ts';
export { problemOf } from './problem.ts';
export type { Problem } from './problem.ts';
export { RequestCancelledError } from './request-cancelled-error.ts';
export type { ResponseFlag } from './response-flags.ts';
export { ContextKey, SessionContext } from './session-context.ts';
export { isFailure, StatusCategory } from './status-category.ts';
export type { StatusCategoryName } from './status-category.ts';
export { ZuulFilterChainHandler, ZuulFilterChainOptions } from './zuul-filter-chain-handler.ts';
