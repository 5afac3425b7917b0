import { EmbeddedChannel, silentLogger } from '@sluice/core';
import type { ChannelHandler, InetSocketAddress, Logger, SocketAddress } from '@sluice/core';

/** Where the balancer of these tests is connected from, and to. */
export const PEER: InetSocketAddress = { host: '10.1.2.3', port: 40_000 };
export const LISTENER: InetSocketAddress = { host: '10.0.0.1', port: 8_080 };

export interface PeerChannelSettings {
  readonly peer?: SocketAddress | undefined;
  readonly logger?: Logger;
  readonly handlers: readonly ChannelHandler[];
}

/** A channel with a peer of one's choice. */
export class PeerChannel extends EmbeddedChannel {
  readonly #peer: SocketAddress | undefined;

  constructor({ handlers, logger = silentLogger, ...settings }: PeerChannelSettings) {
    super({ register: false, handlers, logger });
    this.#peer = 'peer' in settings ? settings.peer : PEER;
    this.register();
  }

  override get remoteAddress(): SocketAddress | undefined {
    return this.#peer;
  }

  override get localAddress(): InetSocketAddress {
    return LISTENER;
  }

  /** The bytes that have reached the end of the pipeline. */
  received(): Buffer {
    return Buffer.concat(this.inboundMessages() as Buffer[]);
  }
}
