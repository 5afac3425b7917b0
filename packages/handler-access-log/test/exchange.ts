import { HttpServerCodec } from '@sluice/codec-http';
import { EmbeddedChannel, silentLogger, VirtualClock } from '@sluice/core';
import { setLocalAddress, setSourceAddress } from '@sluice/handler-connection';
import { HttpServerLifecycleChannelHandler } from '@sluice/handler-http';
import { AccessLog, AccessLogChannelHandler } from '@sluice/handler-access-log';
import type { AccessLogFormat } from '@sluice/handler-access-log';

/** 2001-09-09, one second after the billionth. */
export const START_MS = 1_000_000_001_234;

/** A client's connection whose access log is kept in memory. */
export function connect(format: AccessLogFormat): { channel: EmbeddedChannel; lines: string[] } {
  const lines: string[] = [];
  const log = new AccessLog(format, { write: (line) => void lines.push(line) });
  const clock = new VirtualClock();
  clock.advance(START_MS);
  const channel = new EmbeddedChannel({
    clock,
    logger: silentLogger,
    handlers: [
      new HttpServerCodec(),
      new HttpServerLifecycleChannelHandler(),
      new AccessLogChannelHandler(log),
    ],
  });
  setSourceAddress(channel, { host: '192.0.2.7', port: 40_000 });
  setLocalAddress(channel, { host: '198.51.100.1', port: 443 });
  return { channel, lines };
}

export function receive(channel: EmbeddedChannel, text: string): void {
  channel.writeInbound(Buffer.from(text, 'latin1'));
}
