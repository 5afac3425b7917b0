import { HttpServerCodec } from '@sluice/codec-http';
import { EmbeddedChannel } from '@sluice/core';
import { HttpServerLifecycleChannelHandler } from '@sluice/handler-http';
import { describeHandler } from '@sluice/testing';
import { describe, expect, it } from 'vitest';
import { RequestLogHandler } from '../src/request-log-handler.ts';

describeHandler({ describe, it }, () => new RequestLogHandler());

it('has a line for a request whose client leaves', () => {
  const lines: string[] = [];
  const channel = new EmbeddedChannel(
    new HttpServerCodec(),
    new HttpServerLifecycleChannelHandler(),
    new RequestLogHandler({ write: (line) => lines.push(line) }),
  );
  channel.writeInbound(Buffer.from('GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n'));
  channel.clock.advance(250);
  channel.close();

  expect(lines).toEqual(['GET - 250ms CLOSE']);
});
