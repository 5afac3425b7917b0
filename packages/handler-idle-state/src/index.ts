export { CloseOnIdleStateHandler, CloseOnIdleStateOptions } from './close-on-idle-state-handler.ts';
export { IdleStateEvent } from './idle-state-event.ts';
export type { IdleState } from './idle-state-event.ts';
export { IdleStateHandler } from './idle-state-handler.ts';
export { IdleStateOptions } from './idle-state-options.ts';
export { ReadTimeoutHandler, ReadTimeoutOptions } from './read-timeout-handler.ts';
export { ReadTimeoutError, WriteTimeoutError } from './timeout-errors.ts';
export { WriteStallHandler, WriteStallOptions } from './write-stall-handler.ts';
export { WriteTimeoutHandler, WriteTimeoutOptions } from './write-timeout-handler.ts';
