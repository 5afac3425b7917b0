export { ConnectionCloseEvent, ConnectionCloseHandledEvent } from './connection-close-event.ts';
export type { ConnectionCloseReason, ConnectionCloseTrigger } from './connection-close-event.ts';
export {
  Http1ConnectionCloseHandler,
  Http1ConnectionCloseOptions,
} from './http1-connection-close-handler.ts';
export {
  Http1ConnectionExpiryHandler,
  Http1ConnectionExpiryOptions,
} from './http1-connection-expiry-handler.ts';
export { HttpBodySizeRecordingChannelHandler } from './http-body-size-recording-channel-handler.ts';
export { HTTP_BODY_SIZES } from './http-body-sizes.ts';
export type { HttpBodySizes } from './http-body-sizes.ts';
export { HttpClientLifecycleChannelHandler } from './http-client-lifecycle-channel-handler.ts';
export { HttpHeadersTimeoutEvent } from './http-headers-timeout-event.ts';
export { HttpHeadersTimeoutHandler, HttpHeadersTimeoutOptions } from './http-headers-timeout-handler.ts';
export { HttpRequestDeadlineHandler, HttpRequestDeadlineOptions } from './http-request-deadline-handler.ts';
export { HttpRequestReadTimeoutEvent } from './http-request-read-timeout-event.ts';
export type { HttpRequestReadTimeout } from './http-request-read-timeout-event.ts';
export {
  HttpRequestReadTimeoutHandler,
  HttpRequestReadTimeoutOptions,
} from './http-request-read-timeout-handler.ts';
export { HttpServerLifecycleChannelHandler } from './http-server-lifecycle-channel-handler.ts';
export { HttpServerLifecycleOptions } from './http-server-lifecycle-options.ts';
export { CompleteEvent, RejectedPipeliningEvent, StartEvent } from './lifecycle-events.ts';
export type { CompleteReason } from './lifecycle-events.ts';
export { closeLingering, LingeringCloseHandler, LingeringCloseOptions } from './lingering-close-handler.ts';
export { LoggingHandler } from './logging-handler.ts';
export { LoggingOptions } from './logging-options.ts';
export type { LoggingLevel } from './logging-options.ts';
export { RequestCancelledEvent } from './request-cancelled-event.ts';
export { RequestRejectedEvent } from './request-rejected-event.ts';
export type { RequestRejectedReason } from './request-rejected-event.ts';
export { ServerStatusHeaderHandler, ServerStatusHeaderOptions } from './server-status-header-handler.ts';
export {
  FORWARDING_FIELDS,
  StripUntrustedProxyHeadersHandler,
  StripUntrustedProxyHeadersOptions,
} from './strip-untrusted-proxy-headers-handler.ts';
export type { AllowProxyHeadersWhen } from './strip-untrusted-proxy-headers-handler.ts';
