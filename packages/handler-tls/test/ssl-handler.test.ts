import { ChannelInputShutdownEvent, ClosedChannelError, EmbeddedChannel } from '@sluice/core';
import type { ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';
import {
  ClientHelloTooLongError,
  NotSslRecordError,
  PlainHttpError,
  ServerSslContext,
  SSL_HANDSHAKE_INFO,
  SslHandler,
  SslHandshakeCompletionEvent,
  SslHandshakeInfoHandler,
  SslHandshakeTimeoutError,
} from '@sluice/handler-tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openssl, TestCa } from '../../../test/support/certificates.ts';

describe.skipIf(openssl === undefined)('SslHandler before TLS begins', () => {
  let ca: TestCa;
  let context: ServerSslContext;

  beforeAll(() => {
    ca = new TestCa();
    context = new ServerSslContext({ certificates: [ca.issue(['DNS:a.test'])] });
  });

  afterAll(() => ca.remove());

  it('answers a plain HTTP request in plain text and closes when the client has', () => {
    const { channel, failures } = listener();
    channel.writeInbound(Buffer.from('GE'));
    channel.writeInbound(Buffer.from('T / HTTP/1.1\r\n\r\n'));

    expect(failures()).toEqual([expect.any(PlainHttpError)]);
    expect(String(channel.readOutbound())).toMatch(
      /^HTTP\/1\.1 400 Bad Request\r\n(?:.*\r\n)*Connection: close/,
    );
    expect(channel.isActive).toBe(true);
    channel.pipeline.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    expect(channel.isActive).toBe(false);
    expect(failures()).toHaveLength(1);
  });

  it('closes after a second when a client with plain HTTP does not', () => {
    const { channel } = listener();
    channel.writeInbound(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    channel.clock.advance(999);

    expect(channel.isActive).toBe(true);
    channel.clock.advance(1);
    expect(channel.isActive).toBe(false);
  });

  it('closes without a word when the client speaks something else', () => {
    const { channel, failures } = listener();
    channel.writeInbound(Buffer.from('\0\0'));

    expect(failures()).toEqual([expect.any(NotSslRecordError)]);
    expect(channel.readOutbound()).toBeUndefined();
    expect(channel.isActive).toBe(false);
  });

  it('refuses a ClientHello that is too long at its first bytes', () => {
    const { channel, failures } = listener();
    channel.writeInbound(Buffer.from([22, 3, 1, 64, 0, 1, 0, 64, 1]));

    expect(failures()).toEqual([expect.any(ClientHelloTooLongError)]);
    expect(channel.isActive).toBe(false);
  });

  it('closes when nothing comes for the whole handshake timeout', () => {
    const { channel, failures } = listener();
    channel.clock.advance(9_999);

    expect(channel.isActive).toBe(true);
    channel.clock.advance(1);
    expect(failures()).toEqual([expect.any(SslHandshakeTimeoutError)]);
    expect(channel.isActive).toBe(false);
  });

  it('leaves no timer behind', () => {
    const { channel } = listener();
    channel.close();
    channel.runPendingTasks();

    expect(channel.clock.pendingTimers).toBe(0);
  });

  it('fails the handshake when the client goes without a byte', () => {
    const { channel, failures, events } = listener();
    channel.pipeline.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    channel.runPendingTasks();

    expect(channel.isActive).toBe(false);
    expect(failures()).toEqual([expect.any(ClosedChannelError)]);
    expect(events.at(-1)).toBe('inactive');
  });

  it('sends nothing that is written before TLS, and fails it with the handshake', () => {
    const { channel } = listener();
    const promise = channel.newPromise();
    channel.writeAndFlush(Buffer.from('secret'), promise);
    channel.writeInbound(Buffer.from('\0\0'));
    channel.runPendingTasks();

    expect(channel.readOutbound()).toBeUndefined();
    expect(promise.cause).toBeInstanceOf(ClosedChannelError);
  });

  it('fires no byte to the handlers behind', () => {
    const { channel, events } = listener();
    channel.writeInbound(Buffer.from('\x16\x03'));

    expect(events).toEqual(['active']);
  });

  it('lets the info handler go after a handshake that failed, without info', () => {
    const info = new SslHandshakeInfoHandler();
    const channel = new EmbeddedChannel(new SslHandler(context), info);
    channel.writeInbound(Buffer.from('\0\0'));

    expect(channel.attr(SSL_HANDSHAKE_INFO).get()).toBeUndefined();
    expect(channel.pipeline.context(info)).toBeUndefined();
  });

  function listener() {
    const events: (string | object)[] = [];
    const recorder: ChannelInboundHandler = {
      channelActive: () => void events.push('active'),
      channelInactive: () => void events.push('inactive'),
      channelRead: (_ctx: ChannelHandlerContext, message: unknown) => void events.push(String(message)),
      channelReadComplete: () => void events.push('read complete'),
      userEventTriggered: (_ctx: ChannelHandlerContext, event: object) => void events.push(event),
    };
    const channel = new EmbeddedChannel(new SslHandler(context), recorder);
    const failures = () =>
      events.flatMap((event) => (event instanceof SslHandshakeCompletionEvent ? [event.cause] : []));
    return { channel, events, failures };
  }
});
