import { TrustedPeers } from './trusted-peers.ts';

/** Options of the ElbProxyProtocolChannelHandler. */
export class ElbProxyProtocolOptions {
  /** `required`: every connection must begin with a header, or is closed. `off`: none may, all bytes pass. There is no guessing. */
  readonly mode: 'required' | 'off' = 'off';
  /** Who may send a header; anyone else is closed at once. Default: nobody. */
  readonly trustedPeers: TrustedPeers = TrustedPeers.NONE;
  /** Milliseconds from the start of a connection until its header must be complete. */
  readonly timeoutMs: number = 5_000;
  /** The longest header of version 2, in bytes, at most 65 551. The line of version 1 has at most 107. */
  readonly maxHeaderBytes: number = 4_096;
}
