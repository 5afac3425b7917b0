import { isIPv6, SocketAddress } from 'node:net';
import {
  foldAddress,
  LOCAL_INET_ADDR,
  SOURCE_INET_ADDR,
  SourceAddressChannelHandler,
} from '@sluice/handler-connection';
import {
  ElbProxyProtocolChannelHandler,
  PROXY_HEADER,
  ProxyProtocolRefusedEvent,
  TrustedPeers,
} from '@sluice/handler-proxy-protocol';
import { describe, expect, it } from 'vitest';
import { loadProxyCases } from '../../../test/conformance/case/case-files.ts';
import type { ProxyCase } from '../../../test/conformance/case/proxy-case.ts';
import { LISTENER, PEER, PeerChannel } from './peer-channel.ts';

const cases = loadProxyCases();
const on = cases.filter(({ mode }) => mode === 'required');
const FEEDS = ['whole', 'byte by byte', 'as listed'] as const;

it('has cases of every outcome', () => {
  expect(new Set(cases.map((one) => one.expect))).toEqual(new Set(['accept', 'reject', 'not-proxy']));
  expect(cases.length).toBeGreaterThanOrEqual(175);
});

describe.each(FEEDS)('fed %s', (feed) => {
  it.each(on.filter((one) => one.expect === 'accept').map((one) => [one.id, one] as const))(
    'accepts %s',
    (_id, one) => {
      const { channel, refusals } = run(one, feed);
      const header = channel.attr(PROXY_HEADER).get();
      const source = one.src === null ? PEER : inet(one.src, one.sport);
      const destination = one.dst === null ? LISTENER : inet(one.dst, one.dport);

      expect(refusals).toEqual([]);
      expect(channel.isActive).toBe(true);
      expect(header?.version).toBe(one.version);
      expect(header?.command).toBe(one.command === 'UNKNOWN' ? 'PROXY' : one.command);
      expect(channel.attr(SOURCE_INET_ADDR).get()).toEqual(source);
      expect(channel.attr(LOCAL_INET_ADDR).get()).toEqual(destination);
      expect(channel.received().toString('hex')).toBe(one.leftover_hex);
      if (one.tlvs) {
        expect(header?.tlvs.map(({ type, value }) => [type, value.toString('hex')])).toEqual(one.tlvs);
      }
    },
  );

  it.each(on.filter((one) => one.expect !== 'accept').map((one) => [one.id, one] as const))(
    'refuses %s',
    (_id, one) => {
      const { channel, refusals } = run(one, feed);

      expect(channel.isActive).toBe(false);
      expect(channel.received()).toHaveLength(0);
      expect(refusals.length).toBeLessThanOrEqual(1);
      if (one.reject_by === 'timeout') expect(refusals).toEqual(['timeout']);
      if (one.reject_by === 'trust') expect(refusals).toEqual(['untrusted']);
      if (one.reject_by === 'fin') expect(refusals).toEqual(['truncated']);
      if (one.expect === 'not-proxy') expect(refusals).toEqual(['not-proxy']);
    },
  );
});

it.each(cases.filter((one) => one.decide_within_bytes !== undefined).map((one) => [one.id, one] as const))(
  'decides %s in time',
  (_id, one) => {
    const bytes = bytesOf(one).subarray(0, one.decide_within_bytes);

    expect(start(one).feed(bytes).isActive).toBe(false);
  },
);

it.each(cases.filter(({ mode }) => mode === 'off').map((one) => [one.id, one] as const))(
  'hands on all bytes of %s when it is off',
  (_id, one) => {
    const channel = start(one).feed(bytesOf(one));

    expect(channel.pipeline.get(ElbProxyProtocolChannelHandler)).toBeUndefined();
    expect(channel.received()).toEqual(bytesOf(one));
  },
);

function run(one: ProxyCase, feed: (typeof FEEDS)[number]): { channel: PeerChannel; refusals: string[] } {
  const { channel, refusals, feed: give } = start(one);
  const bytes = bytesOf(one);
  const pieces = {
    whole: [bytes],
    'byte by byte': Array.from(bytes, (byte) => Buffer.from([byte])),
    'as listed': one.chunks_hex?.map((hex) => Buffer.from(hex, 'hex')) ?? [bytes],
  }[feed];
  for (const piece of pieces) give(piece);
  if (one.peer_end === 'fin' && channel.isActive) channel.endInput();
  if (one.reject_by === 'timeout') {
    channel.clock.advance(4_999);
    expect(channel.isActive).toBe(true);
    channel.clock.advance(1);
  }
  return { channel, refusals };
}

function start(one: ProxyCase): {
  channel: PeerChannel;
  refusals: string[];
  feed(bytes: Buffer): PeerChannel;
} {
  const refusals: string[] = [];
  const trustedPeers = new TrustedPeers([one.source_trusted ? '10.0.0.0/8' : '192.168.0.0/16']);
  const channel = new PeerChannel({
    handlers: [
      new SourceAddressChannelHandler(),
      new ElbProxyProtocolChannelHandler({ mode: one.mode, trustedPeers }),
      {
        userEventTriggered: (_ctx: never, event: object) => {
          if (event instanceof ProxyProtocolRefusedEvent) refusals.push(event.error.reason);
        },
      },
    ],
  });
  const feed = (bytes: Buffer): PeerChannel => {
    if (channel.isActive) channel.writeInbound(bytes);
    return channel;
  };
  return { channel, refusals, feed };
}

function bytesOf(one: ProxyCase): Buffer {
  return Buffer.from(one.hex, 'hex');
}

function inet(host: string | null | undefined, port: number | null | undefined): object {
  const text = host ?? '';
  const address = isIPv6(text) ? new SocketAddress({ address: text, family: 'ipv6' }).address : text;
  return { host: foldAddress(address), port };
}
