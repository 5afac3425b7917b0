import { formatAddress } from '@sluice/core';
import type { SocketAddress } from '@sluice/core';

/** One server of an origin. */
export class OriginServer {
  readonly address: SocketAddress;
  /** Its address as text. */
  readonly name: string;
  /** Of the origin that it belongs to. */
  readonly originName: string;

  constructor(address: SocketAddress, originName = 'origin') {
    this.address = address;
    this.originName = originName;
    this.name = formatAddress(address);
  }
}
