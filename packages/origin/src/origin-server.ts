import { formatAddress } from '@sluice/core';
import type { SocketAddress } from '@sluice/core';

/** One server of an origin. */
export class OriginServer {
  readonly address: SocketAddress;
  /** Its address as text. */
  readonly name: string;
  /** Of the origin that it belongs to. */
  readonly originName: string;
  /** What a URL of it would have as host and port (RFC 9110 §4.2); empty for a Unix socket. */
  readonly authority: string;

  constructor(address: SocketAddress, originName = 'origin') {
    this.address = address;
    this.originName = originName;
    this.name = formatAddress(address);
    this.authority = 'path' in address ? '' : this.name.replace(/:80$/, '');
  }
}
