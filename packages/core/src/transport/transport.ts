import type { AbstractChannel, ChannelSettings } from '../channel/abstract-channel.ts';
import { ServerSocketChannel } from './server-socket-channel.ts';
import { SocketChannel } from './socket-channel.ts';

/** Where channels come from: the sockets of the operating system, or a network in memory. */
export interface Transport {
  /** A channel to bind: each connection comes through its pipeline as a channel that is not registered yet. */
  newServerChannel(settings: ChannelSettings): AbstractChannel;
  /** A channel to connect. */
  newChannel(settings: ChannelSettings): AbstractChannel;
}

/** TCP and Unix sockets. */
export const socketTransport: Transport = {
  newServerChannel: (settings) => new ServerSocketChannel(settings),
  newChannel: (settings) => new SocketChannel(settings),
};

/** The same; those that listen on a port share it with others: see `SO_REUSEPORT`. */
export const reusePortTransport: Transport = {
  ...socketTransport,
  newServerChannel: (settings) => {
    const channel = new ServerSocketChannel(settings);
    channel.config.reusePort = true;
    return channel;
  },
};
