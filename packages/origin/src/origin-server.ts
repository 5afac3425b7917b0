import { formatAddress } from '@sluice/core';
import type { SocketAddress } from '@sluice/core';

/** One server of an origin. */
export class OriginServer {
  readonly address: SocketAddress;
  /** Its address as text. */
  readonly name: string;

  constructor(address: SocketAddress) {
    this.address = address;
    this.name = formatAddress(address);
  }
}
