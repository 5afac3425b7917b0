import { describe, expect, it } from 'vitest';
import { Client, far, GET, post, text } from './support.ts';

describe('a client that closes its sending side', () => {
  it('still gets its response, and then the end', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(GET);
    client.channel.endInput();
    client.channel.clock.advance(999);
    sides[0]?.respond({ contentLength: 0 });
    sides[0]?.last();

    expect(client.received()).toContain('200 OK');
    expect(client.channel.isOpen).toBe(false);
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('is taken for gone when no response has started in time', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint, options: { halfCloseTimeoutMs: 50 } });

    client.send(GET);
    client.channel.endInput();
    client.channel.clock.advance(50);

    expect(client.channel.isOpen).toBe(false);
    expect(sides[0]?.ends).toEqual([false]);
    expect(sides[0]?.context).toMatchObject({
      statusCategory: 'FAILURE_CLIENT_CANCELLED',
      responseFlags: 'DC',
    });
  });

  it('has its response to the end while that goes on', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(GET);
    client.channel.endInput();
    sides[0]?.respond();
    for (let piece = 0; piece < 10; piece++) {
      client.channel.clock.advance(999);
      sides[0]?.body('more');
      sides[0]?.downstream.flush();
    }
    sides[0]?.last('late');

    expect(client.received()).toMatch(/4\r\nlate\r\n0\r\n\r\n$/);
    expect(client.channel.isOpen).toBe(false);
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('is taken for gone when nothing more of a response comes in time', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(GET);
    sides[0]?.respond();
    sides[0]?.body('begun');
    sides[0]?.downstream.flush();
    client.channel.endInput();
    client.channel.clock.advance(1_000);

    expect(client.channel.isOpen).toBe(false);
    expect(sides[0]?.ends).toEqual([false]);
    expect(sides[0]?.context).toMatchObject({
      statusCategory: 'FAILURE_CLIENT_CANCELLED',
      responseFlags: 'DC',
      responseCodeDetails: 'downstream_remote_disconnect',
    });
  });

  it('may take its time for what it was sent', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(GET);
    client.channel.endInput();
    sides[0]?.respond();
    client.channel.unsafe.output.write(Buffer.from('not taken yet'), undefined);
    client.channel.clock.advance(60_000);

    expect(client.channel.isOpen).toBe(true);
  });

  it('between requests is gone', () => {
    const client = new Client({ endpoint: text('fine') });

    client.send(GET);
    client.channel.endInput();

    expect(client.channel.isOpen).toBe(false);
  });

  it('in the middle of its body is answered with 400', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(post('a', 10));
    client.channel.endInput();

    expect(client.received()).toContain('HTTP/1.1 400');
    expect(sides[0]?.ends).toEqual([false]);
    expect(client.channel.isOpen).toBe(false);
  });
});
