import { once } from 'node:events';
import { connect } from 'node:net';
import { EmbeddedChannel } from '@sluice/core';
import type { InetSocketAddress } from '@sluice/core';
import { describeHandler } from '@sluice/testing';
import { describe, expect, it } from 'vitest';
import { KeyValueHandler, keyValueServer } from '../../../examples/key-value/key-value-server.ts';
import { LineCodec } from '../../../examples/key-value/line-codec.ts';

describeHandler({ describe, it }, () => new LineCodec(), {
  consumes: ['channelRead', 'write'],
  bytes: ['SET a 1\r\nGET a\n', '\r\n\r\n'],
  steps: [
    (channel) => void channel.writeInbound(Buffer.from('GET a\r\n')),
    (channel) => void channel.writeOutbound('VALUE 1'),
  ],
});

describe('the key-value server', () => {
  it('answers commands in their order, however they are cut', () => {
    const channel = new EmbeddedChannel(new LineCodec(), new KeyValueHandler());
    for (const byte of Buffer.from('SET a b c\r\nGET a\r\nDEL a\r\nGET a\r\n')) {
      channel.writeInbound(Buffer.of(byte));
    }

    expect(channel.outboundMessages().join('')).toBe('OK\r\nVALUE b c\r\nOK\r\nNONE\r\n');
  });

  it('says what is wrong with a command', () => {
    const channel = new EmbeddedChannel(new LineCodec(), new KeyValueHandler());
    channel.writeInbound(Buffer.from('PUT a b\r\nGET\r\n'));

    expect(channel.outboundMessages().join('')).toBe(
      'ERROR unknown command PUT\r\nERROR expected SET key value, GET key, DEL key or QUIT\r\n',
    );
  });

  it('closes the connection of a client that sends a line without an end', () => {
    const channel = new EmbeddedChannel(new LineCodec(8), new KeyValueHandler());
    channel.writeInbound(Buffer.from('123456789'));

    expect(channel.outboundMessages().join('')).toBe('ERROR line too long\r\n');
    expect(channel.isOpen).toBe(false);
  });

  it('has one store for all connections', async () => {
    const bound = keyValueServer().bind({ host: '127.0.0.1', port: 0 });
    await bound.toPromise();
    const { port } = bound.channel.localAddress as InetSocketAddress;

    expect(await talk(port, 'SET a 1\r\nQUIT\r\n')).toBe('OK\r\nOK bye\r\n');
    expect(await talk(port, 'GET a\r\nQUIT\r\n')).toBe('VALUE 1\r\nOK bye\r\n');
    await bound.channel.close().toPromise();
  });
});

async function talk(port: number, commands: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => void (answer += text));
  socket.write(commands);
  await once(socket, 'close');
  return answer;
}
