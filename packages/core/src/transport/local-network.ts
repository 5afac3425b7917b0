import type { AbstractChannel, ChannelSettings } from '../channel/abstract-channel.ts';
import { LocalChannel } from './local-channel.ts';
import type { LocalAcceptor } from './local-channel.ts';
import { LocalRegistry } from './local-registry.ts';
import { LocalServerChannel } from './local-server-channel.ts';
import type { Transport } from './transport.ts';

/**
 * A network in memory: channels that connect to each other by address, without sockets and ports.
 * What one network listens on, no other one knows.
 */
export class LocalNetwork implements Transport {
  readonly #registry = new LocalRegistry<LocalAcceptor>();

  newServerChannel(settings?: ChannelSettings): AbstractChannel {
    return new LocalServerChannel(this.#registry, settings);
  }

  newChannel(settings?: ChannelSettings): AbstractChannel {
    return new LocalChannel(this.#registry, settings);
  }
}
