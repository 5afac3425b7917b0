import type { ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';
import { Filter } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter } from '@sluice/filters';
import { describeHandler, fakeOrigin, runFilters, testGateway } from '@sluice/testing';
import { describe, expect, it } from 'vitest';

/** Counts the bytes of a connection. */
class ByteCounter implements ChannelInboundHandler<Buffer> {
  bytes = 0;

  channelRead(ctx: ChannelHandlerContext<Buffer>, message: Buffer): void {
    this.bytes += message.length;
    ctx.fireChannelRead(message);
  }
}

describeHandler({ describe, it }, () => new ByteCounter(), { bytes: ['GET / HTTP/1.1\r\n\r\n'] });

@Filter({ type: 'inbound' })
class Greeting implements InboundFilter {
  apply(request: HttpRequestMessage): void {
    request.headers.set('x-greeting', 'hello');
  }
}

it('greets the origin', async () => {
  const { response, originRequest } = await runFilters([Greeting], { target: '/a' });

  expect(response.status).toBe(200);
  expect(originRequest?.headers.get('x-greeting')).toBe('hello');
});

it('gives up on a silent origin after half a minute', async () => {
  const silent = fakeOrigin(() => undefined);
  const gateway = await testGateway({ filters: [Greeting], origins: { silent } });
  const client = gateway.connect();
  client.send({ target: '/a' });
  gateway.advance(30_000);

  expect((await client.response()).status).toBe(504);
  expect(silent.requests[0]?.headers.get('x-greeting')).toBe('hello');
  await gateway.stop();
});
