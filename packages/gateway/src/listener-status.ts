import type { SocketAddress } from '@sluice/core';
import type { HandlerDescription } from '@sluice/inject';

/** What a listener is like at the moment: for whoever watches a gateway. */
export interface ListenerStatus {
  readonly name: string;
  /** Where it listens, with its true port; before that, where it was told to. */
  readonly address: SocketAddress;
  readonly isListening: boolean;
  /** Open connections of clients, also those that go on after it has stopped listening. */
  readonly connectionCount: number;
  /** Its pipeline, head first, with the options that are in force. */
  readonly handlers: readonly HandlerDescription[];
}
