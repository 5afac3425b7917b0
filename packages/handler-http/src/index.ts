export { HttpServerLifecycleChannelHandler } from './http-server-lifecycle-channel-handler.ts';
export { CompleteEvent, StartEvent } from './lifecycle-events.ts';
export type { CompleteReason } from './lifecycle-events.ts';
export { closeLingering, LingeringCloseHandler } from './lingering-close-handler.ts';
export type { LingeringCloseOptions } from './lingering-close-handler.ts';
