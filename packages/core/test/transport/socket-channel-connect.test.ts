import { describe, expect, it } from 'vitest';
import { ConnectTimeoutError, NodeEventLoop, silentLogger, VirtualClock } from '@sluice/core';
import { bootstrap, clientChannel, closed, listen } from '../support/sockets.ts';

describe('connect', () => {
  it('that is refused fails with the address in its message', async () => {
    const server = await listen(() => []);
    await closed(server.channel);
    const channel = clientChannel();
    const result = await bootstrap(channel)
      .connect(server.address)
      .toPromise()
      .catch((cause: unknown) => cause);

    expect(result).toMatchObject({ code: 'ECONNREFUSED' });
    expect((result as Error).message).toContain(`127.0.0.1:${server.port}`);
    expect(channel.isOpen).toBe(false);
  });

  it('fails when its time is over', async () => {
    const server = await listen(() => []);
    const clock = new VirtualClock();
    const channel = clientChannel();
    await channel.register(new NodeEventLoop(clock, silentLogger)).toPromise();
    const connecting = channel.connect(server.address);
    clock.advance(29_999);
    expect(connecting.isDone).toBe(false);
    clock.advance(1);
    await new Promise(setImmediate);

    expect(connecting.cause).toBeInstanceOf(ConnectTimeoutError);
    expect(channel.isOpen).toBe(false);
  });

  it('fails, and closes the channel, for a port that can not be', async () => {
    const channel = clientChannel();
    const result = await bootstrap(channel)
      .connect({ host: '127.0.0.1', port: 65_536 })
      .toPromise()
      .catch((cause: unknown) => cause);

    expect(result).toBeInstanceOf(RangeError);
    expect(channel.isOpen).toBe(false);
  });

  it('can start from a local address', async () => {
    const server = await listen(() => []);
    const channel = clientChannel();
    await bootstrap(channel).connect(server.address, { host: '127.0.0.1', port: 0 }).toPromise();

    expect(channel.localAddress).toMatchObject({ host: '127.0.0.1' });
    expect(channel.bind(server.address).cause).toMatchObject({ code: 'SLUICE_UNSUPPORTED_OPERATION' });
  });
});
