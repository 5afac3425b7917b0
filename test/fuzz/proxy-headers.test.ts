import { EmbeddedChannel, silentLogger } from '@sluice/core';
import {
  ElbProxyProtocolChannelHandler,
  ElbProxyProtocolOptions,
  encodeProxyProtocol,
  PROXY_HEADER,
  TrustedPeers,
} from '@sluice/handler-proxy-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutAt, fuzz, mutate, MUTATIONS, PLACES } from './fuzz.ts';

const PORT = fc.integer({ min: 0, max: 65_535 });
const ADDRESSES = fc.oneof(
  fc.record({ transport: fc.constant('TCP4' as const), from: fc.ipV4(), to: fc.ipV4() }),
  fc.record({
    transport: fc.constant('TCP6' as const),
    from: fc.constantFrom('::1', '2001:db8::1'),
    to: fc.constant('2001:db8::2'),
  }),
);
const HEADER = fc
  .tuple(fc.constantFrom(1 as const, 2 as const), ADDRESSES, PORT, PORT, fc.boolean())
  .map(([version, { transport, from, to }, sourcePort, destinationPort, checksum]) => ({
    version,
    command: 'PROXY' as const,
    transport,
    source: { host: from, port: sourcePort },
    destination: { host: to, port: destinationPort },
    // Version 1 has none.
    checksum: version === 2 && checksum,
  }));
const PAYLOAD = 'GET / HTTP/1.1\r\n\r\n';

describe('PROXY headers', { timeout: 3_600_000 }, () => {
  it('name the client and take nothing of what follows, in any pieces', async () => {
    await fuzz(
      fc.tuple(HEADER, PLACES),
      ([header, places]) => {
        const bytes = encodeProxyProtocol(header).toString('latin1') + PAYLOAD;
        const seen = receive(cutAt(bytes, places));

        expect(seen).toEqual({ isOpen: true, source: header.source, received: PAYLOAD });
      },
      300,
    );
  });

  it('whatever they are, end the connection or name a client, the same in any pieces', async () => {
    await fuzz(
      fc.tuple(HEADER, MUTATIONS, PLACES),
      ([header, mutations, places]) => {
        const bytes = mutate(encodeProxyProtocol(header).toString('latin1'), mutations) + PAYLOAD;
        const whole = receive([bytes]);

        expect(receive(cutAt(bytes, places))).toEqual(whole);
        if (!whole.isOpen) expect(whole.received).toBe('');
      },
      300,
    );
  });
});

function receive(pieces: readonly string[]) {
  const handler = new ElbProxyProtocolChannelHandler({
    ...new ElbProxyProtocolOptions(),
    mode: 'required',
    trustedPeers: new TrustedPeers(['unix']),
  });
  const channel = new EmbeddedChannel({ handlers: [handler], logger: silentLogger });
  for (const piece of pieces) if (channel.isOpen) channel.writeInbound(Buffer.from(piece, 'latin1'));
  const { isOpen } = channel;
  const source = channel.attr(PROXY_HEADER).get()?.source;
  const received = Buffer.concat(channel.inboundMessages() as Buffer[]).toString('latin1');
  channel.close();
  expect(channel.clock.pendingTimers).toBe(0);
  return { isOpen, source, received };
}
