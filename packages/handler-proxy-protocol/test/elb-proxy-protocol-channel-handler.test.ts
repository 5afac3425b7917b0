import type { ChannelHandler, ChannelHandlerContext, Logger, SocketAddress } from '@sluice/core';
import { silentLogger } from '@sluice/core';
import {
  LOCAL_ADDRESS,
  PEER_ADDR,
  REMOTE_ADDR,
  SERVER_LOCAL_ADDRESS,
  SERVER_LOCAL_PORT,
  SOURCE_ADDRESS,
  SOURCE_INET_ADDR,
  SourceAddressChannelHandler,
} from '@sluice/handler-connection';
import {
  ElbProxyProtocolChannelHandler,
  encodeProxyProtocol,
  PROXY_HEADER,
  ProxyProtocolRefusedEvent,
  TrustedPeers,
} from '@sluice/handler-proxy-protocol';
import type { ElbProxyProtocolOptions } from '@sluice/handler-proxy-protocol';
import { describe, expect, it } from 'vitest';
import { LISTENER, PEER, PeerChannel } from './peer-channel.ts';

const HEADER = Buffer.from('PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\n');
const REQUEST = Buffer.from('GET / HTTP/1.1\r\n\r\n');

describe('an accepted header', () => {
  it("puts the client's addresses in the place of the balancer's, and keeps the ends of the socket", () => {
    const channel = open();
    expect(channel.attr(SOURCE_ADDRESS).get()).toBe('10.1.2.3');
    channel.writeInbound(HEADER);

    expect(channel.attr(SOURCE_ADDRESS).get()).toBe('192.0.2.1');
    expect(channel.attr(SOURCE_INET_ADDR).get()).toEqual({ host: '192.0.2.1', port: 56_324 });
    expect(channel.attr(REMOTE_ADDR).get()).toEqual({ host: '192.0.2.1', port: 56_324 });
    expect(channel.attr(LOCAL_ADDRESS).get()).toBe('198.51.100.2');
    expect(channel.attr(PEER_ADDR).get()).toBe(PEER);
    expect(channel.attr(SERVER_LOCAL_ADDRESS).get()).toBe(LISTENER.host);
    expect(channel.attr(SERVER_LOCAL_PORT).get()).toBe(LISTENER.port);
  });

  it('folds an IPv4-mapped client, whichever way it is written', () => {
    for (const host of ['::ffff:192.0.2.1', '0:0:0:0:0:FFFF:c000:201']) {
      const channel = open();
      channel.writeInbound(Buffer.from(`PROXY TCP6 ${host} 2001:DB8:0:0:0:0:0:2 1 2\r\n`));

      expect(channel.attr(SOURCE_ADDRESS).get()).toBe('192.0.2.1');
      expect(channel.attr(LOCAL_ADDRESS).get()).toBe('2001:db8::2');
    }
  });

  it('leaves no handler and no timer behind', () => {
    const channel = open();
    expect(channel.clock.pendingTimers).toBe(1);
    channel.writeInbound(HEADER);

    expect(channel.pipeline.get(ElbProxyProtocolChannelHandler)).toBeUndefined();
    expect(channel.clock.pendingTimers).toBe(0);
    channel.clock.advance(60_000);
    expect(channel.isActive).toBe(true);
  });

  it('A-10: hands on the bytes behind it, then the end of the burst', () => {
    const seen: string[] = [];
    const channel = open(
      {},
      {
        channelRead: (_ctx: never, bytes: Buffer) => void seen.push(bytes.toString()),
        channelReadComplete: () => void seen.push('complete'),
      },
    );
    channel.writeInbound(Buffer.concat([HEADER, REQUEST]));
    channel.writeInbound(REQUEST);

    expect(seen).toEqual([REQUEST.toString(), 'complete', REQUEST.toString(), 'complete']);
  });

  it('is there for the handler that gets the first bytes', () => {
    let header: unknown = undefined;
    const channel = open(
      {},
      {
        channelRead: (ctx: ChannelHandlerContext) => void (header = ctx.channel.attr(PROXY_HEADER).get()),
      },
    );
    channel.writeInbound(Buffer.concat([HEADER, REQUEST]));

    expect(header).toMatchObject({ version: 1, command: 'PROXY', transport: 'TCP4' });
  });

  it('leaves the addresses of a Unix client aside, but on record', () => {
    const channel = open();
    const [source, destination] = [{ path: '/run/client' }, { path: '/run/server' }];
    const header = { version: 2, command: 'PROXY', transport: 'UNIX_STREAM', source, destination } as const;
    channel.writeInbound(encodeProxyProtocol(header));

    expect(channel.attr(SOURCE_ADDRESS).get()).toBe('10.1.2.3');
    expect(channel.attr(PROXY_HEADER).get()).toMatchObject({ source, destination });
  });
});

describe('with autoRead off', () => {
  it('asks for more until the header is whole, and once more when nothing came behind it', () => {
    let reads = 0;
    const counter: ChannelHandler = { read: (ctx: ChannelHandlerContext) => void (reads++, ctx.read()) };
    const channel = open({}, undefined, { before: counter });
    channel.config.autoRead = false;
    const before = reads;
    channel.writeInbound(HEADER.subarray(0, 10));
    expect(reads - before).toBe(1);
    channel.writeInbound(HEADER.subarray(10));

    expect(reads - before).toBe(2);
  });
});

describe('a refusal', () => {
  it.each([
    ['not-proxy', REQUEST],
    ['malformed', Buffer.from('PROXY TCP9 ')],
    ['too-long', Buffer.from(`PROXY UNKNOWN ${'x'.repeat(200)}`)],
  ])(
    '%s: logs the reason and the peer without a byte of it, tells the handlers before, and closes',
    (reason, bytes) => {
      const lines: { fields: object; message: string }[] = [];
      const events: object[] = [];
      const logger: Logger = {
        ...silentLogger,
        warn: (fields, message) => void lines.push({ fields, message }),
      };
      const before: ChannelHandler = {
        userEventTriggered: (_ctx: never, event: object) => void events.push(event),
      };
      const channel = open({}, undefined, { before, logger });
      channel.writeInbound(bytes);

      expect(channel.isActive).toBe(false);
      expect(channel.received()).toHaveLength(0);
      expect(lines).toHaveLength(1);
      expect(lines[0]?.fields).toMatchObject({ reason, peer: '10.1.2.3:40000' });
      expect(JSON.stringify(lines)).not.toContain(bytes.toString());
      expect(events.map(String)).toEqual([`ProxyProtocolRefusedEvent(${reason})`]);
    },
  );

  it('comes when the header is not whole in time, however steadily its bytes come', () => {
    const { channel, reasons } = watched({ timeoutMs: 1_000 });
    for (let at = 0; at < 9; at++) {
      channel.clock.advance(100);
      channel.writeInbound(HEADER.subarray(at, at + 1));
    }
    expect(channel.isActive).toBe(true);
    channel.clock.advance(100);

    expect(channel.isActive).toBe(false);
    expect(reasons).toEqual(['timeout']);
  });

  it('comes at the start for a peer that is not trusted, and the handlers behind see both ends of it', () => {
    const seen: string[] = [];
    const spy: ChannelHandler = {
      channelActive: () => void seen.push('active'),
      channelInactive: () => void seen.push('inactive'),
      channelRead: () => void seen.push('read'),
    };
    const channel = open({ trustedPeers: new TrustedPeers(['192.168.0.0/16']) }, spy);

    expect(channel.isActive).toBe(false);
    expect(seen).toEqual(['active', 'inactive']);
  });

  it('comes for everybody when nobody is trusted, as is the default', () => {
    const handlers = [new ElbProxyProtocolChannelHandler({ mode: 'required' })];

    expect(new PeerChannel({ handlers }).isActive).toBe(false);
  });

  it('comes for a peer that is not trusted when the handler is added to an active channel', () => {
    const channel = new PeerChannel({ handlers: [{}] });
    channel.pipeline.addLast('proxy', new ElbProxyProtocolChannelHandler({ mode: 'required' }));
    channel.writeInbound(HEADER);

    expect(channel.isActive).toBe(false);
    expect(channel.received()).toHaveLength(0);
  });

  it('is silent for a peer that connects and ends without a byte', () => {
    const { channel, reasons } = watched({});
    channel.endInput();

    expect(channel.isActive).toBe(false);
    expect(reasons).toEqual([]);
  });

  it('comes when the peer ends within the header of a half-open channel', () => {
    const { channel, reasons } = watched({});
    channel.config.allowHalfClosure = true;
    channel.writeInbound(HEADER.subarray(0, 8));
    channel.endInput();

    expect(channel.isActive).toBe(false);
    expect(reasons).toEqual(['truncated']);
  });

  it('comes once, whatever follows it', () => {
    const staysOpen: ChannelHandler = { close: () => {} };
    const { channel, reasons } = watched({}, staysOpen);
    channel.writeInbound(Buffer.from('G'));
    channel.writeInbound(HEADER);
    channel.clock.advance(60_000);

    expect(reasons).toEqual(['not-proxy']);
    expect(channel.received()).toHaveLength(0);
  });
});

describe('TrustedPeers', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', '::ffff:10.0.0.1', true],
    ['10.0.0.1', '10.0.0.1', true],
    ['10.0.0.1', '10.0.0.2', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::ffff:10.0.0.0/104', '10.9.9.9', true],
    ['::ffff:10.0.0.0/104', '11.0.0.1', false],
    ['2001:db8::/32', '2001:db8:1::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['::1', '127.0.0.1', false],
    ['::/0', '10.1.2.3', false],
  ])('%s: %s is %s', (network, host, trusted) => {
    expect(new TrustedPeers([network]).trusts({ host, port: 1 })).toBe(trusted);
  });

  it('trusts Unix sockets and peers without an address only when told so', () => {
    const peers: (SocketAddress | undefined)[] = [undefined, { path: '/run/client' }];

    expect(peers.map((peer) => new TrustedPeers(['0.0.0.0/0', '::/0']).trusts(peer))).toEqual([false, false]);
    expect(peers.map((peer) => new TrustedPeers(['unix']).trusts(peer))).toEqual([true, true]);
    expect(new TrustedPeers(['0.0.0.0/0']).trusts({ host: 'client.test', port: 1 })).toBe(false);
  });

  it.each([
    '',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '::/129',
    'fe80::%1/10',
    '10.0.0.0/08',
    'all',
    '10.0.0.0/-1',
  ])('refuses %j by name', (network) => {
    expect(() => new TrustedPeers(['10.0.0.0/8', network])).toThrow(JSON.stringify(network));
  });
});

interface More {
  readonly before?: ChannelHandler;
  readonly logger?: Logger;
}

function open(
  options: Partial<ElbProxyProtocolOptions> = {},
  after?: ChannelHandler,
  { before, logger }: More = {},
): PeerChannel {
  const trustedPeers = new TrustedPeers(['10.0.0.0/8']);
  const handlers = [
    ...(before ? [before] : []),
    new SourceAddressChannelHandler(),
    new ElbProxyProtocolChannelHandler({ mode: 'required', trustedPeers, ...options }),
    ...(after ? [after] : []),
  ];
  return new PeerChannel({ handlers, ...(logger && { logger }) });
}

function watched(
  options: Partial<ElbProxyProtocolOptions>,
  before?: ChannelHandler,
): { channel: PeerChannel; reasons: string[] } {
  const reasons: string[] = [];
  const after: ChannelHandler = {
    userEventTriggered: (_ctx: never, event: object) => {
      if (event instanceof ProxyProtocolRefusedEvent) reasons.push(event.error.reason);
    },
  };
  return { channel: open(options, after, before && { before }), reasons };
}
