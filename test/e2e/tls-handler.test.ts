import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import type { ConnectionOptions, TlsOptions, TLSSocket } from 'node:tls';
import {
  Bootstrap,
  ChannelInitializer,
  ChannelOption,
  NodeEventLoop,
  ServerBootstrap,
  ServerSocketChannel,
  silentLogger,
  SocketChannel,
  SystemClock,
} from '@sluice/core';
import type { Channel, ChannelHandler, ChannelHandlerContext } from '@sluice/core';
import {
  ApplicationProtocolNegotiationHandler,
  ClientSslContext,
  hasTls,
  newTicketKeys,
  schemeOf,
  ServerSslContext,
  SSL_HANDSHAKE_INFO,
  SniCompletionEvent,
  SslCloseCompletionEvent,
  SslHandler,
  SslHandshakeCompletionEvent,
} from '@sluice/handler-tls';
import type { ServerSslOptions } from '@sluice/handler-tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openssl, TestCa } from '../support/certificates.ts';
import type { CertificateFiles } from '../support/certificates.ts';
import { dialTls } from './support/tls-client.ts';
import { dial } from './support/wire.ts';

const loop = new NodeEventLoop(new SystemClock(), silentLogger);

describe.skipIf(openssl === undefined)('SslHandler', { timeout: 20_000 }, () => {
  let ca: TestCa;
  let files: CertificateFiles;

  beforeAll(() => {
    ca = new TestCa();
    files = ca.issue(['DNS:a.test']);
  });

  afterAll(() => ca.remove());

  it('fires the server name, the handshake, the bytes and the end, in this order', async () => {
    const { port, events, child } = await serve({});
    const client = await dialTls(port, { ca: ca.pem });
    client.end('bytes');
    await (await child).closeFuture.toPromise();
    await nextTurn();

    expect(events).toEqual(['SNI a.test', 'handshake', 'bytes', 'TLS closed', 'inactive']);
  });

  it('has the channel known for TLS, also without a handler that records the handshake', async () => {
    const { port, events, child } = await serve({});
    const client = await dialTls(port, { ca: ca.pem });
    const channel = await child;
    while (!events.includes('handshake')) await nextTurn();

    expect(channel.hasAttr(SSL_HANDSHAKE_INFO)).toBe(false);
    expect([hasTls(channel), schemeOf(channel)]).toEqual([true, 'https']);
    client.destroy();
  });

  it('fires a failed close when the connection breaks', async () => {
    const { port, events, child } = await serve({});
    const wire = await dial(port);
    const client = await dialTls(port, { ca: ca.pem, socket: wire.socket });
    client.on('error', () => {});
    const channel = await child;
    while (!events.includes('handshake')) await nextTurn();
    wire.socket.resetAndDestroy();
    await channel.closeFuture.toPromise();
    await nextTurn();

    expect(events).toEqual(['SNI a.test', 'handshake', 'ECONNRESET', 'TLS broken', 'inactive']);
  });

  it('fails the handshake of a client that does not trust it, and says so in one event', async () => {
    const { port, events, child } = await serve({});
    const client = connect({ host: '127.0.0.1', port, servername: 'a.test' });
    await expect(once(client, 'secureConnect')).rejects.toThrow(/unable to/);
    await (await child).closeFuture.toPromise();
    await nextTurn();

    expect(events.filter((event) => event.startsWith('handshake failed'))).toHaveLength(1);
    expect(events.at(-1)).toBe('inactive');
  });

  it('refuses a name that it has no certificate for, when told so', async () => {
    const { port } = await serve({ unknownServerName: 'refuse' });

    await expect(dialTls(port, { ca: ca.pem, servername: 'b.test' })).rejects.toThrow();
    expect((await dialTls(port, { ca: ca.pem })).authorized).toBe(true);
  });

  it('refuses a client that names no server where unknown names are refused', async () => {
    const { port, events, child } = await serve({ unknownServerName: 'refuse' });
    const client = connect({ host: '127.0.0.1', port, ca: ca.pem, checkServerIdentity: () => undefined });
    client.on('error', () => {});
    onTestFinished(() => void client.destroy());
    await (await child).closeFuture.toPromise();

    expect(events[0]).toMatch(/^handshake failed: UnknownServerNameError/);
  });

  it('lets nobody in without a certificate where it has a CA for them and nothing else is said', async () => {
    const { port } = await serve({ clientCa: [{ file: ca.caFile }] });
    const shown = ca.issue([], 'client');
    const client = { cert: readFileSync(shown.certFile), key: readFileSync(shown.keyFile) };
    const options = { ca: ca.pem, maxVersion: 'TLSv1.2' } as const;

    await expect(dialTls(port, options)).rejects.toThrow();
    expect((await dialTls(port, { ...options, ...client })).authorized).toBe(true);
  });

  it('takes up sessions of another context with the same ticket keys, and of no other', async () => {
    const ticketKeys = newTicketKeys();
    const [one, two, other] = [await serve({ ticketKeys }), await serve({ ticketKeys }), await serve({})];
    const session = await sessionFrom(one.port);
    const reused = await Promise.all([two, other].map(({ port }) => dialTls(port, { ca: ca.pem, session })));

    expect(reused.map((client) => client.isSessionReused())).toEqual([true, false]);
  });

  it('takes up no session from before its ticket keys were changed, also when certificates are read again', async () => {
    const renewed = ca.issue(['DNS:a.test']);
    const { port, context } = await serve({ certificates: [renewed] });
    const isReused = async (session: Buffer): Promise<boolean> =>
      (await dialTls(port, { ca: ca.pem, session })).isSessionReused();
    const before = await sessionFrom(port);
    expect(await isReused(before)).toBe(true);

    context.setTicketKeys(newTicketKeys());
    const after = await sessionFrom(port);
    expect([await isReused(before), await isReused(after)]).toEqual([false, true]);

    ca.renew(renewed, ['DNS:a.test']);
    expect(context.reload()).toBe(true);
    expect([await isReused(before), await isReused(after)]).toEqual([false, true]);
  });

  it('keeps its ticket keys when others are not 48 bytes', async () => {
    const { port, context } = await serve({});
    const session = await sessionFrom(port);

    expect(() => context.setTicketKeys(Buffer.alloc(16))).toThrow('Ticket keys are 48 bytes; got 16.');
    expect((await dialTls(port, { ca: ca.pem, session })).isSessionReused()).toBe(true);
  });

  it('ends the channel of a client at once, with a close_notify', async () => {
    const { port, events, child } = await serve({});
    const channel = await dialChannel(port, []);
    channel.close();

    expect(channel.isActive).toBe(false);
    await (await child).closeFuture.toPromise();
    expect(events).toEqual(['SNI a.test', 'handshake', 'TLS closed']);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'knows the close_notify behind bytes at which a client stops to read: %s',
    async (maxVersion) => {
      const events: string[] = [];
      const stopping: ChannelHandler = {
        channelRead(ctx: ChannelHandlerContext, bytes: Buffer) {
          // The second read goes past the stream of the socket, so that it is stopped within it.
          if (bytes.toString() === 'one') ctx.writeAndFlush(Buffer.from('more'));
          else ctx.channel.pauseReads();
          ctx.fireChannelRead(bytes);
        },
      };
      const port = await nodeServer({ maxVersion }, (socket) => {
        socket.once('data', () => socket.write('one', () => socket.once('data', () => socket.end('two'))));
      });
      const channel = await dialChannel(port, [stopping, recorder(events)]);
      channel.writeAndFlush(Buffer.from('go'));
      while (!events.includes('two')) await nextTurn();
      for (let turns = 0; turns < 10; turns++) await nextTurn();
      channel.resumeReads();
      while (!events.includes('inactive')) await nextTurn();

      expect(events).toEqual(['handshake', 'one', 'two', 'TLS closed', 'inactive']);
    },
  );

  describe('with ApplicationProtocolNegotiationHandler', () => {
    it('fills the pipeline with the handlers of the protocol that was agreed on', async () => {
      const port = await serveProtocols();
      const shout = await dialTls(port, { ca: ca.pem, ALPNProtocols: ['shout', 'echo'] });
      const echo = await dialTls(port, { ca: ca.pem, ALPNProtocols: ['echo'] });

      expect([shout.alpnProtocol, await answerTo(shout, 'hello')]).toEqual(['shout', 'HELLO']);
      expect([echo.alpnProtocol, await answerTo(echo, 'hello')]).toEqual(['echo', 'hello']);
    });

    it('takes the fallback for a client that offers nothing', async () => {
      const client = await dialTls(await serveProtocols(), { ca: ca.pem });

      expect(await answerTo(client, 'hello')).toBe('hello');
    });

    it('refuses a fallback that it knows nothing of', () => {
      expect(() => new ApplicationProtocolNegotiationHandler({ a: () => {} }, 'b')).toThrow(
        'There is no initializer for the fallback "b"; there are: a.',
      );
    });

    function serveProtocols(): Promise<number> {
      const context = contextWith({ alpnProtocols: ['shout', 'echo'] });
      return listen(() => [
        new SslHandler(context),
        new ApplicationProtocolNegotiationHandler(
          {
            echo: (pipeline) => pipeline.addHandlersLast(answering((text) => text)),
            shout: (pipeline) => pipeline.addHandlersLast(answering((text) => text.toUpperCase())),
          },
          'echo',
        ),
      ]);
    }
  });

  async function serve(options: Partial<ServerSslOptions>) {
    const context = contextWith(options);
    const events: string[] = [];
    let accepted: (channel: Channel) => void = () => {};
    const child = new Promise<Channel>((resolve) => (accepted = resolve));
    const port = await listen((channel) => {
      accepted(channel);
      return [new SslHandler(context), recorder(events)];
    });
    return { port, context, events, child };
  }

  /** Listens with TLS of Node.js itself. */
  async function nodeServer(options: TlsOptions, onConnection: (socket: TLSSocket) => void): Promise<number> {
    const { certFile, keyFile } = files;
    const content = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
    const server = createServer({ ...content, ...options }, onConnection).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    return (server.address() as AddressInfo).port;
  }

  /** A client's channel, its handshake complete. */
  async function dialChannel(port: number, handlers: readonly ChannelHandler[]): Promise<Channel> {
    const ssl = new SslHandler(new ClientSslContext('a.test', { ca: [{ file: ca.caFile }] }));
    const connecting = new Bootstrap()
      .group(loop)
      .channelFactory(() => new SocketChannel({ logger: silentLogger }))
      .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
      .handler(new ChannelInitializer(({ pipeline }) => void pipeline.addHandlersLast(ssl, ...handlers)))
      .connect({ host: '127.0.0.1', port });
    onTestFinished(() => void connecting.channel.close());
    await connecting.toPromise();
    await ssl.handshakeFuture?.toPromise();
    return connecting.channel;
  }

  function contextWith(options: Partial<ServerSslOptions>): ServerSslContext {
    return new ServerSslContext({ certificates: [files], ...options });
  }

  async function sessionFrom(port: number): Promise<Buffer> {
    const options: ConnectionOptions = { host: '127.0.0.1', port, servername: 'a.test', ca: ca.pem };
    const client = connect(options);
    onTestFinished(() => void client.destroy());
    const [session] = (await once(client, 'session')) as [Buffer];
    return session;
  }
});

async function listen(handlers: (channel: Channel) => readonly ChannelHandler[]): Promise<number> {
  const bound = new ServerBootstrap()
    .group(loop)
    .channelFactory(() => new ServerSocketChannel({ logger: silentLogger }))
    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
    .childHandler(
      new ChannelInitializer((channel) => {
        onTestFinished(() => void channel.close());
        channel.pipeline.addHandlersLast(...handlers(channel));
      }),
    )
    .bind({ host: '127.0.0.1', port: 0 });
  await bound.toPromise();
  onTestFinished(() => bound.channel.close().toPromise());
  return (bound.channel.localAddress as { port: number }).port;
}

function recorder(events: string[]): ChannelHandler {
  return {
    channelRead: (_ctx: ChannelHandlerContext, bytes: Buffer) => void events.push(bytes.toString()),
    channelInactive: () => void events.push('inactive'),
    exceptionCaught: (_ctx: ChannelHandlerContext, cause: unknown) =>
      void events.push((cause as NodeJS.ErrnoException).code ?? 'error'),
    userEventTriggered(ctx: ChannelHandlerContext, event: object): void {
      if (event instanceof SniCompletionEvent) events.push(`SNI ${event.hostname}`);
      if (event instanceof SslHandshakeCompletionEvent)
        events.push(event.isSuccess ? 'handshake' : `handshake failed: ${String(event.cause)}`);
      if (event instanceof SslCloseCompletionEvent) {
        events.push(event.isSuccess ? 'TLS closed' : 'TLS broken');
        ctx.close();
      }
    },
  };
}

function answering(answer: (text: string) => string): ChannelHandler {
  return {
    channelRead: (ctx: ChannelHandlerContext, bytes: Buffer) =>
      ctx.writeAndFlush(Buffer.from(answer(bytes.toString()))),
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => loop.nextTurn(resolve));
}

async function answerTo(client: TLSSocket, text: string): Promise<string> {
  client.write(text);
  const [bytes] = (await once(client, 'data')) as [Buffer];
  return bytes.toString();
}
