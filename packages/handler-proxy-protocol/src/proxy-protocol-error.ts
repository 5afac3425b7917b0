import { SluiceError } from '@sluice/core';

/**
 * Why a connection was refused. `not-proxy`: its first bytes are no header at all; `malformed`,
 * `too-long` and `checksum`: the header is wrong; `truncated`: the peer ended within it;
 * `timeout`: it was not complete in time; `untrusted`: the peer may not send one.
 */
export type ProxyProtocolFailure =
  | 'not-proxy'
  | 'malformed'
  | 'too-long'
  | 'checksum'
  | 'truncated'
  | 'timeout'
  | 'untrusted';

/** A PROXY protocol header is not accepted. The message never holds bytes of the peer. */
export class ProxyProtocolError extends SluiceError {
  override readonly name = 'ProxyProtocolError';
  readonly reason: ProxyProtocolFailure;

  constructor(reason: ProxyProtocolFailure, message: string) {
    super('SLUICE_PROXY_PROTOCOL', message, { source: 'downstream' });
    this.reason = reason;
  }
}
