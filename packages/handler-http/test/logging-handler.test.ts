import { HttpContent, LastHttpContent } from '@sluice/codec-http';
import { EmbeddedChannel, silentLogger } from '@sluice/core';
import type { ChannelHandler, Logger } from '@sluice/core';
import { LoggingHandler } from '@sluice/handler-http';
import type { LoggingOptions } from '@sluice/handler-http';
import { describe, expect, it } from 'vitest';
import { request, response } from './support.ts';

const HERE = { path: '/here' };
const THERE = { path: '/there' };

describe('LoggingHandler', () => {
  it('leaves the pipeline when its level is off, which is the default', () => {
    expect(new EmbeddedChannel(new LoggingHandler()).pipeline.names()).toEqual([]);
  });

  it('logs the life of a channel', () => {
    const { channel, lines } = open();
    channel.writeInbound('hello');
    channel.close();

    expect(lines()).toEqual([
      'REGISTERED',
      'ACTIVE',
      'READ: hello',
      'READ COMPLETE',
      'CLOSE',
      'INACTIVE',
      'UNREGISTERED',
    ]);
  });

  it('logs every operation but read', () => {
    const { channel, lines } = open();
    lines();
    channel.bind(HERE);
    channel.connect(THERE, HERE);
    channel.connect(THERE);
    channel.write('hello');
    channel.flush();
    channel.read();
    channel.disconnect();
    expect(lines()).toEqual([
      'BIND: /here',
      'CONNECT: /there, /here',
      'CONNECT: /there',
      'WRITE: hello',
      'FLUSH',
      'DISCONNECT',
    ]);
    const other = open();
    other.lines();
    other.channel.deregister();

    expect(other.lines()[0]).toBe('DEREGISTER');
  });

  it('logs events, errors and writability', () => {
    const { channel, lines } = open();
    lines();
    class SomeEvent {}
    channel.pipeline.fireUserEventTriggered(new SomeEvent());
    channel.pipeline.fireExceptionCaught(new TypeError('no'));
    channel.pipeline.fireChannelWritabilityChanged();

    expect(lines()).toEqual(['USER_EVENT: SomeEvent', 'EXCEPTION: TypeError: no', 'WRITABILITY CHANGED']);
  });

  it('shows bytes in a table, with what is printable', () => {
    const { channel, lines } = open();
    lines();
    channel.writeInbound(Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(0));

    expect(lines()).toEqual([
      [
        'READ: 18B',
        '|00000000| 47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a |GET / HTTP/1.1..|',
        '|00000010| 0d 0a                                           |..              |',
      ].join('\n'),
      'READ: 0B',
      'READ COMPLETE',
    ]);
  });

  it('shows HTTP messages in short, and in the simple format no bytes', () => {
    const { channel, lines } = open({ format: 'SIMPLE' });
    lines();
    channel.writeInbound(
      request({ target: '/a?b' }),
      new HttpContent(Buffer.from('hello')),
      LastHttpContent.EMPTY,
    );
    channel.write(response({ status: 404 }));
    channel.write(Buffer.from('hello'));

    expect(lines()).toEqual([
      'READ: HttpRequest(GET /a?b)',
      'READ: HttpContent, 5B',
      'READ: LastHttpContent, 0B',
      'READ COMPLETE',
      'WRITE: HttpResponse(404)',
      'WRITE: 5B',
    ]);
  });

  it('logs at its level, to the logger of the channel or its own', () => {
    const channelLines: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (_fields, line) => void channelLines.push(line) };
    const channel = new EmbeddedChannel({ handlers: [new LoggingHandler({ level: 'warn' })], logger });
    channel.flush();

    expect(channelLines.at(-1)).toBe(`${String(channel)} FLUSH`);
  });
});

function open(options: Partial<LoggingOptions> = {}) {
  let lines: string[] = [];
  const logger: Logger = { ...silentLogger, info: (_fields, line) => void lines.push(line) };
  const swallow: ChannelHandler = { exceptionCaught: () => {} };
  const handlers = [new LoggingHandler({ level: 'info', logger, ...options }), swallow];
  const channel = new EmbeddedChannel({ handlers, hasDisconnect: true, logger: silentLogger });
  /** The lines since the last call, each without its channel. */
  const take = (): string[] => {
    const taken = lines.map((line) => line.slice(line.indexOf('] ') + 2));
    lines = [];
    return taken;
  };
  return { channel, lines: take };
}
