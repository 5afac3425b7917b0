import type { Channel, ChannelHandlerContext, ChannelInboundHandler, Transparent } from '@sluice/core';
import { Handler } from '@sluice/inject';
import {
  LOCAL_INET_ADDR,
  PEER_ADDR,
  SERVER_LOCAL_ADDRESS,
  SERVER_LOCAL_PORT,
  setLocalAddress,
  setSourceAddress,
} from './connection-addresses.ts';

/** Records the addresses of both ends of a connection as attributes of its channel, for the handlers and filters behind. */
@Handler({ name: 'source-address', sharable: true })
export class SourceAddressChannelHandler implements ChannelInboundHandler {
  readonly sharable = true;

  channelActive(ctx: ChannelHandlerContext<Transparent>): void {
    recordPeer(ctx.channel);
    recordLocal(ctx.channel);
    ctx.fireChannelActive();
  }
}

function recordPeer(channel: Channel): void {
  const { remoteAddress } = channel;
  if (remoteAddress === undefined) return;
  channel.attr(PEER_ADDR).set(remoteAddress);
  setSourceAddress(channel, remoteAddress);
}

function recordLocal(channel: Channel): void {
  const { localAddress } = channel;
  if (localAddress === undefined) return;
  setLocalAddress(channel, localAddress);
  const inet = channel.attr(LOCAL_INET_ADDR).get();
  channel.attr(SERVER_LOCAL_ADDRESS).set(inet?.host);
  channel.attr(SERVER_LOCAL_PORT).set(inet?.port);
}
