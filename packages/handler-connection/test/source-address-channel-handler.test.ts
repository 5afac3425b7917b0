import { EmbeddedChannel } from '@sluice/core';
import type { ChannelHandler, EmbeddedChannelSettings, SocketAddress } from '@sluice/core';
import {
  foldAddress,
  LOCAL_ADDR,
  LOCAL_ADDRESS,
  LOCAL_INET_ADDR,
  PEER_ADDR,
  REMOTE_ADDR,
  SERVER_LOCAL_ADDRESS,
  SERVER_LOCAL_PORT,
  setLocalAddress,
  setSourceAddress,
  SOURCE_ADDRESS,
  SOURCE_INET_ADDR,
  SourceAddressChannelHandler,
} from '@sluice/handler-connection';
import { describe, expect, it } from 'vitest';

describe('SourceAddressChannelHandler', () => {
  it('records both ends of a connection before it tells that the channel is active', () => {
    const atActive: unknown[] = [];
    const spy: ChannelHandler = {
      channelActive: (ctx: { channel: EmbeddedChannel }) => {
        atActive.push(ctx.channel.attr(SOURCE_ADDRESS).get());
      },
    };
    const remote = { host: '192.0.2.1', port: 5_000 };
    const local = { host: '198.51.100.2', port: 443 };
    const channel = new AddressedChannel(remote, local, [new SourceAddressChannelHandler(), spy]);

    expect(atActive).toEqual(['192.0.2.1']);
    expect(addresses(channel)).toEqual({
      source: '192.0.2.1',
      sourceInet: remote,
      remote,
      peer: remote,
      local: '198.51.100.2',
      localInet: local,
      localSocket: local,
      serverLocal: '198.51.100.2',
      serverPort: 443,
    });
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1%eth0', '192.0.2.1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['fe80::1%2', 'fe80::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['::1', '::1'],
    ['::', '::'],
    ['64:ff9b::192.0.2.1', '64:ff9b::192.0.2.1'],
  ])('records %s as %s', (host, text) => {
    const channel = new AddressedChannel({ host, port: 1 }, undefined, [new SourceAddressChannelHandler()]);

    expect(channel.attr(SOURCE_ADDRESS).get()).toBe(text);
    expect(channel.attr(SOURCE_INET_ADDR).get()).toEqual({ host: text, port: 1 });
    expect(channel.attr(REMOTE_ADDR).get()).toEqual({ host, port: 1 });
    expect(foldAddress(text)).toBe(text);
  });

  it('keeps no IP address of a host that is a name', () => {
    const remote = { host: 'client.test', port: 1 };
    const channel = new AddressedChannel(remote, undefined, [new SourceAddressChannelHandler()]);

    expect(channel.attr(SOURCE_ADDRESS).get()).toBeUndefined();
    expect(channel.attr(SOURCE_INET_ADDR).get()).toBeUndefined();
    expect(channel.attr(REMOTE_ADDR).get()).toBe(remote);
  });

  it('takes Unix sockets, which have no IP address', () => {
    const local = { path: '/run/sluice.sock' };
    const channel = new AddressedChannel(undefined, local, [new SourceAddressChannelHandler()]);

    expect(addresses(channel)).toEqual({ localSocket: local });
  });

  it('leaves the ends of the socket on record when a proxy tells other addresses', () => {
    const remote = { host: '10.0.0.1', port: 5_000 };
    const local = { host: '10.0.0.2', port: 8_443 };
    const channel = new AddressedChannel(remote, local, [new SourceAddressChannelHandler()]);
    setSourceAddress(channel, { host: '::ffff:192.0.2.1', port: 0 });
    setLocalAddress(channel, { host: '198.51.100.2', port: 443 });

    expect(addresses(channel)).toMatchObject({
      source: '192.0.2.1',
      sourceInet: { host: '192.0.2.1', port: 0 },
      local: '198.51.100.2',
      localInet: { host: '198.51.100.2', port: 443 },
      peer: remote,
      serverLocal: '10.0.0.2',
      serverPort: 8_443,
    });
  });

  it('serves many channels', () => {
    const handler = new SourceAddressChannelHandler();
    const channels = ['192.0.2.1', '192.0.2.2'].map(
      (host) => new AddressedChannel({ host, port: 1 }, undefined, [handler]),
    );

    expect(channels.map((channel) => channel.attr(SOURCE_ADDRESS).get())).toEqual(['192.0.2.1', '192.0.2.2']);
  });
});

function addresses(channel: EmbeddedChannel): object {
  const all = {
    source: channel.attr(SOURCE_ADDRESS).get(),
    sourceInet: channel.attr(SOURCE_INET_ADDR).get(),
    remote: channel.attr(REMOTE_ADDR).get(),
    peer: channel.attr(PEER_ADDR).get(),
    local: channel.attr(LOCAL_ADDRESS).get(),
    localInet: channel.attr(LOCAL_INET_ADDR).get(),
    localSocket: channel.attr(LOCAL_ADDR).get(),
    serverLocal: channel.attr(SERVER_LOCAL_ADDRESS).get(),
    serverPort: channel.attr(SERVER_LOCAL_PORT).get(),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** A channel with ends of one's choice, registered once they are known. */
class AddressedChannel extends EmbeddedChannel {
  readonly #remote: SocketAddress | undefined;
  readonly #local: SocketAddress | undefined;

  constructor(
    remote: SocketAddress | undefined,
    local: SocketAddress | undefined,
    handlers: NonNullable<EmbeddedChannelSettings['handlers']>,
  ) {
    super({ register: false, handlers });
    this.#remote = remote;
    this.#local = local;
    this.register();
  }

  override get remoteAddress(): SocketAddress | undefined {
    return this.#remote;
  }

  override get localAddress(): SocketAddress | undefined {
    return this.#local;
  }
}
