import type { ProxyProtocolError } from './proxy-protocol-error.ts';

/** Fired from the head of a channel that is closed for its PROXY protocol header, or the lack of one: metrics count it. */
export class ProxyProtocolRefusedEvent {
  readonly error: ProxyProtocolError;

  constructor(error: ProxyProtocolError) {
    this.error = error;
  }

  toString(): string {
    return `ProxyProtocolRefusedEvent(${this.error.reason})`;
  }
}
