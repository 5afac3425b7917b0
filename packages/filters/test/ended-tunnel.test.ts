import { describe, expect, it } from 'vitest';
import { Client, far } from './support.ts';

const UPGRADE = 'GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n';

describe('a tunnel that its far side has ended', () => {
  it('is closed when the client has sent its last', () => {
    const { channel, side } = endedTunnel();
    expect([channel.isOpen, channel.isWritable]).toEqual([true, false]);
    channel.writeInbound(Buffer.from('dropped'));
    channel.endInput();

    expect(channel.isOpen).toBe(false);
    expect(side?.log).toEqual(['|end']);
    expect(channel.clock.pendingTimers).toBe(0);
  });

  it('is closed when the client has sent nothing for 5 s', () => {
    const { channel } = endedTunnel();
    channel.clock.advance(4_999);
    expect(channel.isOpen).toBe(true);
    channel.clock.advance(1);

    expect(channel.isOpen).toBe(false);
    expect(channel.clock.pendingTimers).toBe(0);
  });

  it('has not failed when the client resets it', () => {
    const { channel, side } = endedTunnel();
    channel.pipeline.fireExceptionCaught(Object.assign(new Error(), { code: 'ECONNRESET', syscall: 'read' }));

    expect(channel.isOpen).toBe(false);
    expect(side?.context.statusCategory).toBe('SUCCESS_LOCAL_NOTSET');
  });
});

function endedTunnel() {
  const { endpoint, sides } = far();
  const { channel } = new Client({ endpoint });
  channel.writeInbound(Buffer.from(UPGRADE));
  const [side] = sides;
  side?.respond({ status: 101, framing: 'none', upgrade: 'websocket' });
  side?.downstream.endTunnel();
  channel.runPendingTasks();
  return { channel, side };
}
