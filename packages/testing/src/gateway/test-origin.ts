import type { ChannelHandler } from '@sluice/core';

/** A server that a test gateway's network has in the place of an origin's. */
export interface TestOrigin {
  /** Whether anyone listens at its address. */
  readonly isListening: boolean;
  /** The pipeline of a new connection. `turn` runs what a call from outside has led to. */
  newHandlers(turn: () => void): readonly ChannelHandler[];
}

/** Nobody listens there: connections are refused. */
export const unreachableOrigin: TestOrigin = { isListening: false, newHandlers: () => [] };
