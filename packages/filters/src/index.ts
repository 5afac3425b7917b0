export { ClientRequestReceiver } from './client-request-receiver.ts';
export { ClientResponseWriter } from './client-response-writer.ts';
export { isStreaming } from './endpoint.ts';
export type { Downstream, Endpoint, ResponseEndpoint, StreamingEndpoint, Upstream } from './endpoint.ts';
export { ErrorEndpoint } from './error-endpoint.ts';
export { FilterOrderError, sortFilters } from './filter-order.ts';
export { FilterRegistry, resolveFilters } from './filter-registry.ts';
export type { FilterEntry, FilterSet, FilterSetOptions } from './filter-registry.ts';
export type { FilterResult, Subscribable } from './filter-result.ts';
export { FilterTimeoutError } from './filter-timeout-error.ts';
export { Filter, filterOptions } from './filter.ts';
export type {
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
export { problemOf, problemResponse } from './problem-response.ts';
export type { Problem } from './problem-response.ts';
export { ContextKey, SessionContext } from './session-context.ts';
export type { FilterError } from './session-context.ts';
export { isFailure, StatusCategory } from './status-category.ts';
export type { StatusCategoryName } from './status-category.ts';
export { ZuulFilterChainHandler, ZuulFilterChainOptions } from './zuul-filter-chain-handler.ts';
