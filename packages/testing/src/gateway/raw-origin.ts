import type { ChannelHandler } from '@sluice/core';
import type { TestOrigin } from './test-origin.ts';
import { Wire } from './wire.ts';
import type { WireListener } from './wire.ts';

/** An origin that speaks in bytes, as wrong as a test wants. */
export class RawOrigin implements TestOrigin {
  readonly isListening = true;
  /** In the order in which they were made. */
  readonly connections: Wire[] = [];
  readonly #onBytes: WireListener;

  constructor(onBytes: WireListener) {
    this.#onBytes = onBytes;
  }

  newHandlers(turn: () => void): readonly ChannelHandler[] {
    const wire = new Wire(turn, this.#onBytes);
    this.connections.push(wire);
    return [wire.handler];
  }

  /** Everything that has come on all connections, as latin1. */
  get received(): string {
    return this.connections.map(({ received }) => received).join('');
  }
}

/** An origin for `testGateway`; `onBytes` is told each time that bytes have come. Default: it stays silent. */
export function rawOrigin(onBytes: WireListener = () => {}): RawOrigin {
  return new RawOrigin(onBytes);
}
