import type { ChannelHandler, ChannelHandlerContext, ChannelPromise } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { Client, far, GET } from './support.ts';

describe('a client that closes its sending side behind requests that it has sent ahead', () => {
  it('has all its responses, and then the end', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });
    client.send(`${GET}${GET}${GET}`);
    client.channel.endInput();
    for (let at = 0; at < 3; at++) {
      expect(client.channel.isOpen).toBe(true);
      sides[at]?.respond({ contentLength: 0 });
      sides[at]?.last();
      client.channel.runPendingTasks();
    }

    expect(client.received().match(/200 OK/g)).toHaveLength(3);
    expect(client.channel.isOpen).toBe(false);
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('has them while it takes the one before slowly', () => {
    const socket = new SlowSocket();
    const { endpoint, sides } = far();
    const client = new Client({ endpoint, first: [socket] });
    client.send(`${GET}${GET}`);
    client.channel.endInput();
    socket.isSlow = true;
    sides[0]?.respond({ contentLength: 0 });
    sides[0]?.last();
    client.channel.runPendingTasks();
    expect(sides).toHaveLength(1);
    socket.takeAll();
    client.channel.runPendingTasks();
    sides[1]?.respond({ contentLength: 0 });
    sides[1]?.last();

    expect(client.received().match(/200 OK/g)).toHaveLength(2);
    expect(client.channel.isOpen).toBe(false);
  });

  it('waits for each of them no longer than for one alone', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint, options: { halfCloseTimeoutMs: 50 } });
    client.send(`${GET}${GET}${GET}`);
    client.channel.endInput();
    sides[0]?.respond({ contentLength: 0 });
    sides[0]?.last();
    client.channel.runPendingTasks();
    client.channel.clock.advance(49);
    expect(client.channel.isOpen).toBe(true);
    client.channel.clock.advance(1);

    expect(client.channel.isOpen).toBe(false);
    expect(sides[1]?.ends).toEqual([false]);
    expect(sides).toHaveLength(2);
  });

  it.each([
    ['a request', GET],
    ['an empty line', '\r\n'],
  ])('is given up within the first as without anything behind it, with %s there', (_, ahead) => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint, options: { halfCloseTimeoutMs: 50 } });
    client.send(`${GET}${ahead}`);
    client.channel.endInput();
    client.channel.clock.advance(49);
    expect(client.channel.isOpen).toBe(true);
    client.channel.clock.advance(1);

    expect(client.channel.isOpen).toBe(false);
    expect(sides.map(({ ends }) => ends)).toEqual([[false]]);
    expect(sides[0]?.context).toMatchObject({
      statusCategory: 'FAILURE_CLIENT_CANCELLED',
      responseFlags: 'DC',
    });
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('is gone when there is nothing but an empty line behind a request', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });
    client.send(`${GET}\r\n`);
    client.channel.endInput();
    sides[0]?.respond({ contentLength: 0 });
    sides[0]?.last();
    client.channel.runPendingTasks();

    expect(client.received()).toContain('200 OK');
    expect(client.channel.isOpen).toBe(false);
  });
});

/** Keeps what is sent back, as the socket of a slow client does. */
class SlowSocket implements ChannelHandler {
  isSlow = false;
  #waiting: (() => void)[] = [];

  write(ctx: ChannelHandlerContext, message: unknown, promise: ChannelPromise | undefined): void {
    if (this.isSlow) this.#waiting.push(() => ctx.write(message, promise));
    else ctx.write(message, promise);
  }

  flush(ctx: ChannelHandlerContext): void {
    if (this.isSlow) this.#waiting.push(() => ctx.flush());
    else ctx.flush();
  }

  takeAll(): void {
    this.isSlow = false;
    for (const take of this.#waiting.splice(0)) take();
  }
}
