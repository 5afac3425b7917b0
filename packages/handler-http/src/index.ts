export { ConnectionCloseEvent, ConnectionCloseHandledEvent } from './close/connection-close-event.ts';
export type { ConnectionCloseReason, ConnectionCloseTrigger } from './close/connection-close-event.ts';
export {
  Http1ConnectionCloseHandler,
  Http1ConnectionCloseOptions,
} from './close/http1-connection-close-handler.ts';
export {
  Http1ConnectionExpiryHandler,
  Http1ConnectionExpiryOptions,
} from './close/http1-connection-expiry-handler.ts';
export { HttpBodySizeRecordingChannelHandler } from './http-body-size-recording-channel-handler.ts';
export { HTTP_BODY_SIZES } from './http-body-sizes.ts';
export type { HttpBodySizes } from './http-body-sizes.ts';
export { HttpClientLifecycleChannelHandler } from './lifecycle/http-client-lifecycle-channel-handler.ts';
export { HttpHeadersTimeoutEvent } from './timeout/http-headers-timeout-event.ts';
export {
  HttpHeadersTimeoutHandler,
  HttpHeadersTimeoutOptions,
} from './timeout/http-headers-timeout-handler.ts';
export {
  HttpRequestDeadlineHandler,
  HttpRequestDeadlineOptions,
} from './timeout/http-request-deadline-handler.ts';
export { HttpRequestReadTimeoutEvent } from './timeout/http-request-read-timeout-event.ts';
export type { HttpRequestReadTimeout } from './timeout/http-request-read-timeout-event.ts';
export {
  HttpRequestReadTimeoutHandler,
  HttpRequestReadTimeoutOptions,
} from './timeout/http-request-read-timeout-handler.ts';
export { HttpServerLifecycleChannelHandler } from './lifecycle/http-server-lifecycle-channel-handler.ts';
export { HttpServerLifecycleOptions } from './lifecycle/http-server-lifecycle-options.ts';
export { CompleteEvent, RejectedPipeliningEvent, StartEvent } from './lifecycle/lifecycle-events.ts';
export type { CompleteReason } from './lifecycle/lifecycle-events.ts';
export {
  closeLingering,
  LingeringCloseHandler,
  LingeringCloseOptions,
} from './close/lingering-close-handler.ts';
export { LoggingHandler } from './logging/logging-handler.ts';
export { LoggingOptions } from './logging/logging-options.ts';
export type { LoggingLevel } from './logging/logging-options.ts';
export { RequestCancelledEvent } from './lifecycle/request-cancelled-event.ts';
export { RequestRejectedEvent } from './lifecycle/request-rejected-event.ts';
export type { RequestRejectedReason } from './lifecycle/request-rejected-event.ts';
export { ServerStatusHeaderHandler, ServerStatusHeaderOptions } from './server-status-header-handler.ts';
export {
  FORWARDING_FIELDS,
  StripUntrustedProxyHeadersHandler,
  StripUntrustedProxyHeadersOptions,
} from './strip-untrusted-proxy-headers-handler.ts';
export type { AllowProxyHeadersWhen } from './strip-untrusted-proxy-headers-handler.ts';
